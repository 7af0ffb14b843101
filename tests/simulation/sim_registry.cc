#include "tests/simulation/sim_registry.h"

#include <algorithm>

#include "core/base/failure.h"

namespace landwaiter::simulation {

using agent::registry::ArtifactPage;
using agent::registry::RepositoryPage;
using base::Failure;
using base::FailureCode;

absl::Status SimRegistry::Answer(std::string_view repository) {
  scheduler_.SleepUntil(scheduler_.now() +
                        absl::Milliseconds(5 + scheduler_.Draw(100)));
  int& failed = log_.failed[std::string(repository)];
  if (failed < 2 && scheduler_.Chance(budget_.registry)) {
    ++failed;
    if (scheduler_.Chance(0.5)) {
      return Failure(FailureCode::kNetworkError, "the registry answers 500");
    }
    return base::WithRetryAfter(
        Failure(FailureCode::kRateLimited, "the registry asks to wait"),
        absl::Seconds(10));
  }
  return absl::OkStatus();
}

absl::StatusOr<agent::registry::Verification> SimRegistry::Verify() {
  LANDWAITER_RETURN_IF_ERROR(Answer(""));
  return agent::registry::Verification{"V2", ""};
}

absl::StatusOr<RepositoryPage> SimRegistry::ListRepositories(
    std::string_view cursor) {
  LANDWAITER_RETURN_IF_ERROR(Answer(""));
  // Pages of two.
  RepositoryPage page;
  for (const auto& [name, tags] : TheWorld().tags) {
    if (name <= cursor) continue;
    if (page.repositories.size() == 2) return page;
    // Some registries tell what has changed; nothing ever does here.
    page.repositories.push_back(
        {.name = name, .state = name.size() % 2 == 0 ? "unchanged" : ""});
    page.next_cursor = name;
  }
  page.complete = true;
  page.next_cursor.clear();
  return page;
}

absl::StatusOr<ArtifactPage> SimRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  LANDWAITER_RETURN_IF_ERROR(Answer(repository));
  const auto found = TheWorld().tags.find(std::string(repository));
  if (found == TheWorld().tags.end() || found->second.empty()) {
    return Failure(FailureCode::kNotFound, "no such repository");
  }
  ArtifactPage page;
  for (const auto& [tag, digest] : found->second) {
    if (tag <= cursor) continue;
    if (page.tags.size() == 2) return page;
    page.tags.push_back({.name = tag});
    page.next_cursor = tag;
  }
  page.complete = true;
  page.next_cursor.clear();
  return page;
}

absl::StatusOr<model::Digest> SimRegistry::ResolveTag(
    std::string_view repository, std::string_view tag) {
  LANDWAITER_RETURN_IF_ERROR(Answer(repository));
  return TheWorld().tags.at(std::string(repository)).at(std::string(tag));
}

absl::StatusOr<agent::source::RawManifest> SimRegistry::GetManifest(
    std::string_view repository, std::string_view reference, uint64_t) {
  LANDWAITER_RETURN_IF_ERROR(Answer(repository));
  const auto digest = model::Digest::Parse(reference);
  const auto found = TheWorld().manifests.find(*digest);
  if (found == TheWorld().manifests.end()) {
    return Failure(FailureCode::kNotFound, "no such manifest");
  }
  return agent::source::RawManifest{"", *digest, found->second};
}

absl::Status SimRegistry::FetchBlob(std::string_view repository,
                                    const model::Descriptor& blob,
                                    agent::source::BlobSink sink) {
  LANDWAITER_RETURN_IF_ERROR(Answer(repository));
  const std::string& bytes = TheWorld().blobs.at(blob.digest);
  ++log_.blob_pulls[blob.digest];
  for (size_t at = 0; at < bytes.size(); at += 300) {
    scheduler_.SleepUntil(scheduler_.now() +
                          absl::Milliseconds(scheduler_.Draw(2000)));
    LANDWAITER_RETURN_IF_ERROR(sink(std::string_view(bytes).substr(at, 300)));
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::simulation
