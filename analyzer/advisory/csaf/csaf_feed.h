#ifndef LANDWAITER_ANALYZER_ADVISORY_CSAF_CSAF_FEED_H_
#define LANDWAITER_ANALYZER_ADVISORY_CSAF_CSAF_FEED_H_

#include <memory>
#include <string>
#include <string_view>

#include "analyzer/advisory/csaf/product_tree.h"
#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// The Common Security Advisory Framework 2.0, a document a file
// (https://docs.oasis-open.org/csaf/csaf/v2.0): a VEX document is a CVE and
// what it means for each product ("csaf_vex"), a security advisory an erratum
// with the flaws that it fixes. What one publisher does in its way is here;
// a file that is no such document is a record that is skipped. Stateless.
class CsafFeed : public FeedFormat {
 public:
  // Names that end in ".json".
  bool Reads(std::string_view name) const override;
  std::unique_ptr<FeedReader> NewReader() const override;

  // Where a system's advisories are; empty for what is none.
  virtual std::string EcosystemOf(const CsafLeaf& platform) const = 0;
  // What the publisher's words on a flaw without a fix mean ("Will not fix").
  virtual Standing StandingOf(std::string_view words) const = 0;
  // The erratum that a link to a fix leads to ("RHSA-2024:2011"); may be empty.
  virtual std::string ErratumOf(std::string_view url) const = 0;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CSAF_CSAF_FEED_H_
