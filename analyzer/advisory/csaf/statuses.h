#ifndef LANDWAITER_ANALYZER_ADVISORY_CSAF_STATUSES_H_
#define LANDWAITER_ANALYZER_ADVISORY_CSAF_STATUSES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "analyzer/advisory/advisory.h"
#include "analyzer/advisory/csaf/csaf_feed.h"
#include "analyzer/advisory/csaf/product_tree.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::analyzer::advisory {

// Makes entries of a vulnerability's product_status and of what it says beside
// (section 3.2.3): of remediations, flags and threats. Where a package of a
// system has a fix it has no other standing: the others are of products that
// are the same one here.
class CsafEntries {
 public:
  CsafEntries(const CsafFeed& feed, const CsafProductTree& products)
      : feed_(feed), products_(products) {}

  // Throws BrokenRecord.
  void Add(const nlohmann::json& vulnerability);
  // More than a record may have.
  bool full() const { return full_; }
  // `severity` is the advisory's: entries that have the same say nothing.
  std::vector<Affected> Take(model::Severity severity);
  // The worst that was said of a product.
  model::Severity worst() const { return worst_; }

 private:
  struct Entry {
    Affected affected;
    std::string architecture;
    int rank;  // of what is said: of two things the lesser counts
  };
  // What is said of a product beside its status.
  struct Remark {
    std::string erratum, words, flag;
    model::Severity severity = model::Severity::kUnknown;
  };
  using Remarks = absl::flat_hash_map<std::string, Remark>;  // by product id

  Remarks RemarksOf(const nlohmann::json& vulnerability);
  void AddProduct(std::string_view status, const std::string& product_id,
                  const Remarks& remarks);

  const CsafFeed& feed_;
  const CsafProductTree& products_;
  std::vector<Entry> entries_;
  absl::flat_hash_map<std::string, int> ranks_;  // the least, by the package
  absl::flat_hash_set<std::string> built_;       // builds with binary packages
  model::Severity worst_ = model::Severity::kUnknown;
  bool full_ = false;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CSAF_STATUSES_H_
