#include "analyzer/advisory/diff.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "analyzer/advisory/codec.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// What is said of something, as a number: equal for two databases in one run of
// the program. What is said in parts is added up, so their order does not
// count.
using Fingerprints = absl::flat_hash_map<std::string, uint64_t>;

template <typename... Parts>
uint64_t Fingerprint(const Parts&... parts) {
  return absl::HashOf(base::AbslArgument(parts)...);
}

// Of each advisory's details, by its number.
absl::StatusOr<std::vector<uint64_t>> DetailsOf(const AdvisoryDb& db) {
  std::vector<uint64_t> details;
  LANDWAITER_RETURN_IF_ERROR(db.ForEachDetails(
      [&](uint32_t number, std::string_view bytes) -> absl::Status {
        if (number != details.size()) {
          return absl::DataLossError("advisory database: a number is missing");
        }
        details.push_back(Fingerprint(bytes));
        return absl::OkStatus();
      }));
  return details;
}

absl::StatusOr<Fingerprints> PackagesOf(const AdvisoryDb& db) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<uint64_t> details,
                              DetailsOf(db));
  Fingerprints packages;
  LANDWAITER_RETURN_IF_ERROR(
      db.ForEachEntry([&](const AdvisoryDb::RawEntry& entry) -> absl::Status {
        if (entry.advisory >= details.size()) {
          return absl::DataLossError("advisory database: a number is missing");
        }
        packages[KeyPrefix(entry.ecosystem, entry.package)] +=
            Fingerprint(details[entry.advisory], entry.affected);
        return absl::OkStatus();
      }));
  return packages;
}

absl::StatusOr<Fingerprints> EnrichmentsOf(const AdvisoryDb& db) {
  Fingerprints cves;
  LANDWAITER_RETURN_IF_ERROR(db.ForEachEnrichment(
      [&](std::string_view cve, std::string_view bytes) -> absl::Status {
        std::optional<Enrichment> known = DecodeEnrichment(cve, bytes);
        if (!known) return absl::DataLossError("advisory database: damaged");
        known->epss.reset();
        const std::string rest = EncodeEnrichment(*known);
        // All that is known may be the estimate.
        if (*known == Enrichment{.cve = known->cve}) return absl::OkStatus();
        cves[std::string(cve)] = Fingerprint(rest);
        return absl::OkStatus();
      }));
  return cves;
}

// By id: what is said as a whole, and what of each package.
absl::StatusOr<Fingerprints> AdvisoriesOf(const AdvisoryDb& db) {
  std::vector<std::string> ids;
  std::vector<uint64_t> numbers;
  LANDWAITER_RETURN_IF_ERROR(
      db.ForEachDetails([&](uint32_t, std::string_view bytes) -> absl::Status {
        const std::optional<Details> details = DecodeDetails(bytes);
        if (!details) return absl::DataLossError("advisory database: damaged");
        ids.push_back(details->id);
        numbers.push_back(Fingerprint(bytes));
        return absl::OkStatus();
      }));
  LANDWAITER_RETURN_IF_ERROR(
      db.ForEachEntry([&](const AdvisoryDb::RawEntry& entry) -> absl::Status {
        if (entry.advisory >= ids.size()) {
          return absl::DataLossError("advisory database: a number is missing");
        }
        numbers[entry.advisory] +=
            Fingerprint(entry.ecosystem, entry.package, entry.affected);
        return absl::OkStatus();
      }));
  Fingerprints advisories;
  for (size_t i = 0; i < ids.size(); ++i) advisories[ids[i]] += numbers[i];
  return advisories;
}

// Shows each key whose number differs: (key, in before, in after).
template <typename Visit>
void Compare(const Fingerprints& before, const Fingerprints& after,
             Visit visit) {
  for (const auto& [key, number] : before) {
    const auto found = after.find(key);
    if (found == after.end()) {
      visit(key, true, false);
    } else if (found->second != number) {
      visit(key, true, true);
    }
  }
  for (const auto& [key, number] : after) {
    if (!before.contains(key)) visit(key, false, true);
  }
}

Lookup FromKey(const std::string& key) {
  const auto parts = base::SplitOnce(key, '\0');
  return {std::string(parts->first),
          std::string(parts->second.substr(0, parts->second.size() - 1))};
}

std::set<std::string> Ecosystems(const Fingerprints& packages) {
  std::set<std::string> ecosystems;
  for (const auto& [key, number] : packages) {
    ecosystems.insert(key.substr(0, key.find('\0')));
  }
  return ecosystems;
}

}  // namespace

absl::StatusOr<Changes> CompareDatabases(const AdvisoryDb& before,
                                         const AdvisoryDb& after) {
  LANDWAITER_ASSIGN_OR_RETURN(const Fingerprints old_ones, PackagesOf(before));
  LANDWAITER_ASSIGN_OR_RETURN(const Fingerprints new_ones, PackagesOf(after));
  Changes changes;
  Compare(old_ones, new_ones, [&](const std::string& key, bool, bool) {
    changes.lookups.push_back(FromKey(key));
  });
  const std::set<std::string> old_ecosystems = Ecosystems(old_ones);
  const std::set<std::string> new_ecosystems = Ecosystems(new_ones);
  std::vector<std::string> other;
  std::ranges::set_symmetric_difference(old_ecosystems, new_ecosystems,
                                        std::back_inserter(other));
  for (std::string& ecosystem : other) {
    changes.lookups.push_back({std::move(ecosystem), ""});
  }
  std::ranges::sort(changes.lookups);
  LANDWAITER_ASSIGN_OR_RETURN(const Fingerprints old_cves,
                              EnrichmentsOf(before));
  LANDWAITER_ASSIGN_OR_RETURN(const Fingerprints new_cves,
                              EnrichmentsOf(after));
  Compare(old_cves, new_cves, [&](const std::string& cve, bool, bool) {
    changes.cves.push_back(cve);
  });
  std::ranges::sort(changes.cves);
  return changes;
}

absl::StatusOr<AdvisoryChanges> CompareAdvisories(const AdvisoryDb& before,
                                                  const AdvisoryDb& after) {
  LANDWAITER_ASSIGN_OR_RETURN(const Fingerprints old_ones,
                              AdvisoriesOf(before));
  LANDWAITER_ASSIGN_OR_RETURN(const Fingerprints new_ones, AdvisoriesOf(after));
  AdvisoryChanges changes;
  Compare(old_ones, new_ones,
          [&](const std::string& id, bool was_there, bool is_there) {
            (was_there ? is_there ? changes.changed : changes.removed
                       : changes.added)
                .push_back(id);
          });
  for (auto* list : {&changes.added, &changes.removed, &changes.changed}) {
    std::ranges::sort(*list);
  }
  return changes;
}

}  // namespace landwaiter::analyzer::advisory
