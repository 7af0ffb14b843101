#ifndef LANDWAITER_AGENT_REGISTRY_HOSTED_NAMESPACE_PAGES_H_
#define LANDWAITER_AGENT_REGISTRY_HOSTED_NAMESPACE_PAGES_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "agent/registry/registry.h"

namespace landwaiter::agent::registry::hosted {

// A page of one namespace's repositories.
struct NamespacePage {
  std::vector<RepositoryEntry> repositories;
  int64_t next = 0;  // the number of the next page; 0 if this is the last
};

// The page at `cursor` where repositories are listed by namespace, and of each
// by numbered pages from 1 on. The cursor is "NAMESPACE PAGE"; one whose
// namespace is gone goes on at the next. `namespaces` are sorted, at least one.
// INVALID_ARGUMENT if the cursor is none of these, or what `page_of` returns.
absl::StatusOr<RepositoryPage> ListByNamespace(
    const std::vector<std::string>& namespaces, std::string_view cursor,
    absl::FunctionRef<absl::StatusOr<NamespacePage>(const std::string& name,
                                                    int64_t page)>
        page_of);

}  // namespace landwaiter::agent::registry::hosted

#endif  // LANDWAITER_AGENT_REGISTRY_HOSTED_NAMESPACE_PAGES_H_
