#include "agent/registry/hosted/pull_side.h"

#include <string>

#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::hosted {

absl::StatusOr<model::Digest> PullSide::ResolveTag(std::string_view repository,
                                                   std::string_view tag) {
  LANDWAITER_ASSIGN_OR_RETURN(const Place place, Where(repository));
  return place.registry->ResolveTag(place.name, tag);
}

absl::StatusOr<source::RawManifest> PullSide::GetManifest(
    std::string_view repository, std::string_view reference, uint64_t limit) {
  LANDWAITER_ASSIGN_OR_RETURN(const Place place, Where(repository));
  return place.registry->GetManifest(place.name, reference, limit);
}

absl::Status PullSide::FetchBlob(std::string_view repository,
                                 const model::Descriptor& blob,
                                 source::BlobSink sink) {
  LANDWAITER_ASSIGN_OR_RETURN(const Place place, Where(repository));
  return place.registry->FetchBlob(place.name, blob, sink);
}

absl::Status AsVerifyFailure(const absl::Status& status) {
  switch (base::FailureCodeOf(status)) {
    case base::FailureCode::kFailedToVerifyUsernameOrPwd:
    case base::FailureCode::kRegistryVersionError:
    case base::FailureCode::kUserDoesNotHaveAdminRole:
      return status;
    case base::FailureCode::kUnauthorized:
      return MissingAdminRole(base::ToStd(status.message()));
    default:
      return AsConnectionFailure(status);
  }
}

std::optional<absl::Time> TimeIn(std::string_view text) {
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, base::ToAbsl(text), &time, &error)) {
    return time;
  }
  return std::nullopt;
}

}  // namespace landwaiter::agent::registry::hosted
