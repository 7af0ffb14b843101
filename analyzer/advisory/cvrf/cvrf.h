#ifndef LANDWAITER_ANALYZER_ADVISORY_CVRF_CVRF_H_
#define LANDWAITER_ANALYZER_ADVISORY_CVRF_CVRF_H_

#include <memory>
#include <string_view>

#include "analyzer/advisory/feed_format.h"

namespace landwaiter::analyzer::advisory {

// The Common Vulnerability Reporting Framework 1.1, CSAF's predecessor in XML:
// an erratum a file, with the binary packages that fix it for each product. A
// file that is no such document is a record that is skipped.
class Cvrf : public FeedFormat {
 public:
  enum class Publisher { kSuse, kOpenEuler };
  explicit Cvrf(Publisher publisher) : publisher_(publisher) {}
  // "suse-cvrf": the products that suse_oval/product.h names.
  // "openeuler-cvrf": "openEuler:20.03-LTS-SP3".
  std::string_view name() const override;
  std::string_view description() const override;
  // Names with "cvrf" and ".xml" in them.
  bool Reads(std::string_view name) const override;
  std::unique_ptr<FeedReader> NewReader() const override;

 private:
  const Publisher publisher_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_CVRF_CVRF_H_
