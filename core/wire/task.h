#ifndef LANDWAITER_CORE_WIRE_TASK_H_
#define LANDWAITER_CORE_WIRE_TASK_H_

#include "core/model/task.h"
#include "core/wire/finding.h"
#include "landwaiter/v1/control.pb.h"

// landwaiter/v1/control.proto <-> core/model/task.h. An enum value that is
// not known becomes kUnknown.
namespace landwaiter::wire {

void ToProto(const model::Tenant& from, v1::Tenant* to);
model::Tenant FromProto(const v1::Tenant& from);

void ToProto(const model::RegistrySpec& from, v1::RegistrySpec* to);
model::RegistrySpec FromProto(const v1::RegistrySpec& from);

void ToProto(const model::RegistryStatus& from, v1::RegistryStatus* to);
model::RegistryStatus FromProto(const v1::RegistryStatus& from);

void ToProto(const model::TaskSpec& from, v1::TaskSpec* to);
model::TaskSpec FromProto(const v1::TaskSpec& from);

void ToProto(const model::TaskStatus& from, v1::TaskStatus* to);
model::TaskStatus FromProto(const v1::TaskStatus& from);

void ToProto(const model::RegistryWork& from, v1::RegistryWork* to);
model::RegistryWork FromProto(const v1::RegistryWork& from);

void ToProto(const model::Change& from, v1::Change* to);
model::Change FromProto(const v1::Change& from);

}  // namespace landwaiter::wire

#endif  // LANDWAITER_CORE_WIRE_TASK_H_
