#ifndef LANDWAITER_ANALYZER_QUEUE_EXPLICIT_IMAGES_H_
#define LANDWAITER_ANALYZER_QUEUE_EXPLICIT_IMAGES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "analyzer/store/rows.h"

namespace landwaiter::analyzer::queue {

// An image that a task names: "[host/]repository[:tag][@digest]".
struct ExplicitImage {
  std::string text;
  const store::RegistryRow* registry = nullptr;  // null: none has its host
  std::string repository;
  std::string tag;  // empty if a digest was given alone
  model::Digest digest;
};

// Finds the registry of each image: the one whose host it begins with; without
// a host, the task's registry, if it is the only one. The result points into
// `registries`. INVALID_ARGUMENT, naming the image, for what is no reference.
absl::StatusOr<std::vector<ExplicitImage>> ResolveImages(
    const std::vector<std::string>& images,
    const std::vector<store::RegistryRow>& registries);

// Whether the image's stored result serves the task: made by the present
// rules, and the task does not insist.
bool IsFresh(const store::ImageRow& image, const store::TaskRow& task);

}  // namespace landwaiter::analyzer::queue

#endif  // LANDWAITER_ANALYZER_QUEUE_EXPLICIT_IMAGES_H_
