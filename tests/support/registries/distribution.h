#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_DISTRIBUTION_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_DISTRIBUTION_H_

#include <functional>
#include <optional>
#include <string>

#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test {

// The reading side of /v2/ over a content, as Docker's distribution has it
// (OCI distribution-spec; the catalog and its limits by distribution's own
// source): tags and catalog in pages with relative Links, manifests by tag and
// digest, blobs with Range.
class Distribution {
 public:
  // Asked before each call with the scope that the call needs
  // ("repository:a/b:pull", "registry:catalog:*", "" for /v2/): what to answer
  // instead, or nullopt if the request may pass.
  using Authorize = std::function<std::optional<Answer>(
      const SeenRequest& request, const std::string& scope)>;

  // `content` must outlive it. Without `authorize` everybody may read.
  explicit Distribution(const RegistryContent& content,
                        Authorize authorize = nullptr)
      : content_(content), authorize_(std::move(authorize)) {}

  // REQUIRES: the target begins with /v2/.
  Answer Serve(const SeenRequest& request) const;

 private:
  Answer Catalog(const SeenRequest& request) const;
  Answer Tags(const SeenRequest& request, const std::string& repository) const;
  Answer Manifest(const SeenRequest& request, const std::string& repository,
                  const std::string& reference) const;
  Answer Blob(const SeenRequest& request, const std::string& repository,
              const std::string& digest) const;

  const RegistryContent& content_;
  const Authorize authorize_;
};

// {"errors":[{"code":..,"message":..}]}
Answer DistributionError(int status, const std::string& code,
                         const std::string& message);

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_DISTRIBUTION_H_
