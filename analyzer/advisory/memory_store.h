#ifndef LANDWAITER_ANALYZER_ADVISORY_MEMORY_STORE_H_
#define LANDWAITER_ANALYZER_ADVISORY_MEMORY_STORE_H_

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/advisory/advisory_store.h"

namespace landwaiter::analyzer::advisory {

// Advisories in memory, for tests and for the simulation.
class MemoryStore : public AdvisoryStore {
 public:
  explicit MemoryStore(std::string version = "memory")
      : version_(std::move(version)) {}

  void Add(const Advisory& advisory);
  void Add(const Enrichment& enrichment);
  // Adds an OSV record. REQUIRES: it has no problem.
  void AddOsv(std::string_view json);

  const std::string& version() const override { return version_; }
  absl::StatusOr<bool> Covers(std::string_view ecosystem) const override;
  absl::Status ForEach(std::string_view ecosystem, std::string_view package,
                       Visit visit) const override;
  absl::StatusOr<Details> Find(uint32_t advisory) const override;
  absl::StatusOr<std::optional<Enrichment>> Enrich(
      std::string_view cve) const override;

 private:
  std::string version_;
  std::vector<Details> advisories_;
  std::set<std::string, std::less<>> ecosystems_;
  std::map<std::string, Enrichment, std::less<>> enrichments_;  // by CVE
  // Encoded as in a file, by ecosystem and package.
  std::map<std::string, std::vector<std::string>> affected_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_MEMORY_STORE_H_
