#ifndef LANDWAITER_ANALYZER_ADVISORY_ADVISORY_STORE_H_
#define LANDWAITER_ANALYZER_ADVISORY_ADVISORY_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory.h"

namespace landwaiter::analyzer::advisory {

// The advisories of all feeds, by ecosystem and package. Immutable and
// thread-safe. An error means that the store itself is broken (INTERNAL or
// DATA_LOSS), never that something is not in it.
class AdvisoryStore {
 public:
  virtual ~AdvisoryStore() = default;

  // Names the content: equal feeds give equal versions.
  virtual const std::string& version() const = 0;

  // Whether there is any advisory for the canonical ecosystem.
  virtual absl::StatusOr<bool> Covers(std::string_view ecosystem) const = 0;

  // Shows each entry for the package.
  using Visit = absl::FunctionRef<void(const AffectedView&)>;
  virtual absl::Status ForEach(std::string_view ecosystem,
                               std::string_view package, Visit visit) const = 0;

  // The advisory of an entry.
  virtual absl::StatusOr<Details> Find(uint32_t advisory) const = 0;

  // What is known of a CVE; nullopt if nothing is.
  virtual absl::StatusOr<std::optional<Enrichment>> Enrich(
      std::string_view cve) const = 0;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_ADVISORY_STORE_H_
