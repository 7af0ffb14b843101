#ifndef LANDWAITER_CORE_WIRE_INVENTORY_H_
#define LANDWAITER_CORE_WIRE_INVENTORY_H_

#include "absl/status/statusor.h"
#include "core/model/image.h"
#include "landwaiter/v1/inventory.pb.h"

// landwaiter/v1/inventory.proto <-> core/model. FromProto returns
// INVALID_ARGUMENT naming the field for what is not valid.
namespace landwaiter::wire {

// An empty text is the empty digest; `field` names it in the error.
absl::StatusOr<model::Digest> DigestFromProto(const std::string& text,
                                              std::string_view field);

void ToProto(const model::Platform& from, v1::Platform* to);
model::Platform FromProto(const v1::Platform& from);

void ToProto(const model::Descriptor& from, v1::Descriptor* to);
absl::StatusOr<model::Descriptor> FromProto(const v1::Descriptor& from);

void ToProto(const model::LayerRef& from, v1::LayerRef* to);
absl::StatusOr<model::LayerRef> FromProto(const v1::LayerRef& from);

void ToProto(const model::ImageConfig& from, v1::ImageConfig* to);
model::ImageConfig FromProto(const v1::ImageConfig& from);

void ToProto(const model::Package& from, v1::Package* to);
model::Package FromProto(const v1::Package& from);

void ToProto(const model::OsRelease& from, v1::OsRelease* to);
model::OsRelease FromProto(const v1::OsRelease& from);

}  // namespace landwaiter::wire

#endif  // LANDWAITER_CORE_WIRE_INVENTORY_H_
