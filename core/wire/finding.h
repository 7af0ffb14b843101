#ifndef LANDWAITER_CORE_WIRE_FINDING_H_
#define LANDWAITER_CORE_WIRE_FINDING_H_

#include "core/model/finding.h"
#include "landwaiter/v1/finding.pb.h"

// landwaiter/v1/finding.proto <-> core/model/finding.h. An enum value that is
// not known becomes the first.
namespace landwaiter::wire {

v1::Severity ToProto(model::Severity severity);
model::Severity FromProto(v1::Severity severity);

void ToProto(const model::SeverityCounts& from, v1::SeverityCounts* to);
model::SeverityCounts FromProto(const v1::SeverityCounts& from);

void ToProto(const model::Finding& from, v1::Finding* to);
model::Finding FromProto(const v1::Finding& from);

}  // namespace landwaiter::wire

#endif  // LANDWAITER_CORE_WIRE_FINDING_H_
