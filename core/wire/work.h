#ifndef LANDWAITER_CORE_WIRE_WORK_H_
#define LANDWAITER_CORE_WIRE_WORK_H_

#include "absl/status/statusor.h"
#include "core/model/work.h"
#include "landwaiter/v1/work.pb.h"

// landwaiter/v1/work.proto <-> core/model/work.h. FromProto returns
// INVALID_ARGUMENT naming the field for what is not valid; an enum value that
// is not known becomes kUnknown.
namespace landwaiter::wire {

void ToProto(const model::LeaseRef& from, v1::LeaseRef* to);
model::LeaseRef FromProto(const v1::LeaseRef& from);

v1::WorkKind ToProto(model::WorkKind kind);
model::WorkKind FromProto(v1::WorkKind kind);

void ToProto(const model::LeaseReply& from, v1::LeaseResponse* to);
absl::StatusOr<model::LeaseReply> FromProto(const v1::LeaseResponse& from);

void ToProto(const model::HeartbeatReply& from, v1::HeartbeatResponse* to);
model::HeartbeatReply FromProto(const v1::HeartbeatResponse& from);

void ToProto(const model::ListingPage& from, v1::SubmitListingRequest* to);
absl::StatusOr<model::ListingPage> FromProto(
    const v1::SubmitListingRequest& from);

void ToProto(const model::ListingReply& from, v1::SubmitListingResponse* to);
absl::StatusOr<model::ListingReply> FromProto(
    const v1::SubmitListingResponse& from);

void ToProto(const model::ImageFacts& from, v1::PlanImageRequest* to);
absl::StatusOr<model::ImageFacts> FromProto(const v1::PlanImageRequest& from);

void ToProto(const model::ImagePlan& from, v1::PlanImageResponse* to);
model::ImagePlan FromProto(const v1::PlanImageResponse& from);

void ToProto(const model::FailureInfo& from, v1::Failure* to);
model::FailureInfo FromProto(const v1::Failure& from);

}  // namespace landwaiter::wire

#endif  // LANDWAITER_CORE_WIRE_WORK_H_
