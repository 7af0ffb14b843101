#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_LISTING_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_LISTING_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "agent/registry/registry.h"

namespace landwaiter::test {

// What one sync lists, counted but not kept.
struct ListedSums {
  int64_t repositories = 0;
  int64_t unchanged = 0;  // repositories that were not looked into
  int64_t tags = 0;
  int64_t manifests = 0;
};

// By repository.
using RepositoryStates = std::map<std::string, std::string>;

// Lists a registry to the end, as a sync does: repositories whose state is
// still the one in `states` are passed over. `states` are the new ones then.
absl::StatusOr<ListedSums> ListEverything(agent::registry::Registry& registry,
                                          RepositoryStates& states);

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_LISTING_H_
