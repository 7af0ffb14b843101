#include "tests/support/registries/listing.h"

#include "core/base/failure.h"

namespace landwaiter::test {
namespace {

using agent::registry::ArtifactPage;
using agent::registry::Registry;
using agent::registry::RepositoryPage;

absl::Status ListRepository(Registry& registry, const std::string& name,
                            ListedSums& sums) {
  std::string cursor;
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const ArtifactPage page,
                                registry.ListArtifacts(name, cursor));
    sums.tags += static_cast<int64_t>(page.tags.size());
    sums.manifests += static_cast<int64_t>(page.manifests.size());
    if (page.complete) return absl::OkStatus();
    cursor = page.next_cursor;
  }
}

}  // namespace

absl::StatusOr<ListedSums> ListEverything(Registry& registry,
                                          RepositoryStates& states) {
  ListedSums sums;
  std::string cursor;
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const RepositoryPage page,
                                registry.ListRepositories(cursor));
    for (const auto& entry : page.repositories) {
      ++sums.repositories;
      std::string& known = states[entry.name];
      if (!entry.state.empty() && entry.state == known) {
        ++sums.unchanged;
        continue;
      }
      LANDWAITER_RETURN_IF_ERROR(ListRepository(registry, entry.name, sums));
      known = entry.state;
    }
    if (page.complete) return sums;
    cursor = page.next_cursor;
  }
}

}  // namespace landwaiter::test
