#ifndef LANDWAITER_ANALYZER_DETECT_FINDING_MAKER_H_
#define LANDWAITER_ANALYZER_DETECT_FINDING_MAKER_H_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "analyzer/advisory/advisory_store.h"
#include "analyzer/detect/fixing.h"
#include "analyzer/detect/judge.h"
#include "core/model/finding.h"
#include "core/model/image.h"

namespace landwaiter::analyzer::detect {

// Makes findings of what the judge found: adds what is known of the CVE, how
// bad it is, where it came from, and how to fix it. For one inventory; used by
// one thread.
class FindingMaker {
 public:
  // Keeps both, which must outlive it.
  FindingMaker(const model::Inventory& inventory,
               const advisory::AdvisoryStore& store);

  using CommandFor = absl::FunctionRef<std::string(std::string_view fixed)>;
  // nullopt if the CVE was taken back. An error is the store's.
  absl::StatusOr<std::optional<model::Finding>> Make(
      const model::InstalledPackage& installed, model::Category category,
      const Flaw& flaw, CommandFor command);

 private:
  absl::StatusOr<const advisory::Enrichment*> Known(const std::string& cve);
  void Rank(const Flaw& flaw, const advisory::Enrichment* known,
            model::Finding& finding) const;
  void Fix(const model::Package& package, CommandFor command,
           model::Finding& finding) const;

  const advisory::AdvisoryStore& store_;
  const Fixing fixing_;
  const std::map<model::Digest, std::string> steps_;
  absl::flat_hash_map<std::string,
                      std::unique_ptr<const advisory::Enrichment>>
      known_;  // null: nothing is
};

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_FINDING_MAKER_H_
