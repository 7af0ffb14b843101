#include "analyzer/advisory/memory_store.h"

#include <cstdlib>

#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/osv/osv.h"

namespace landwaiter::analyzer::advisory {

void MemoryStore::Add(const Advisory& advisory) {
  const auto number = static_cast<uint32_t>(advisories_.size());
  advisories_.push_back(advisory.details);
  for (const Affected& affected : advisory.affected) {
    ecosystems_.insert(affected.ecosystem);
    affected_[KeyPrefix(affected.ecosystem, affected.package)].push_back(
        EncodeAffected(number, affected));
  }
}

void MemoryStore::Add(const Enrichment& enrichment) {
  Enrichment& known = enrichments_[enrichment.cve];
  known.cve = enrichment.cve;
  Merge(enrichment, known);
}

void MemoryStore::AddOsv(std::string_view json) {
  const OsvRecord record = ParseOsv(json);
  if (record.problem != RecordProblem::kNone) std::abort();
  if (!record.withdrawn) Add(record.advisory);
}

absl::StatusOr<bool> MemoryStore::Covers(std::string_view ecosystem) const {
  return ecosystems_.contains(ecosystem);
}

absl::Status MemoryStore::ForEach(std::string_view ecosystem,
                                  std::string_view package, Visit visit) const {
  const auto entries = affected_.find(KeyPrefix(ecosystem, package));
  if (entries == affected_.end()) return absl::OkStatus();
  for (const std::string& entry : entries->second) {
    visit(DecodeAffected(entry).value());
  }
  return absl::OkStatus();
}

absl::StatusOr<Details> MemoryStore::Find(uint32_t advisory) const {
  if (advisory >= advisories_.size()) {
    return absl::InternalError("there is no such advisory");
  }
  return advisories_[advisory];
}

absl::StatusOr<std::optional<Enrichment>> MemoryStore::Enrich(
    std::string_view cve) const {
  const auto known = enrichments_.find(cve);
  if (known == enrichments_.end()) return std::nullopt;
  return known->second;
}

}  // namespace landwaiter::analyzer::advisory
