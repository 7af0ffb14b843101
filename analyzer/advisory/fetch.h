#ifndef LANDWAITER_ANALYZER_ADVISORY_FETCH_H_
#define LANDWAITER_ANALYZER_ADVISORY_FETCH_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/http/client.h"

namespace landwaiter::analyzer::advisory {

struct FetchOptions {
  http::TlsOptions tls;
  http::ProxyOptions proxy;
  uint64_t max_bytes = uint64_t{8} << 30;
  absl::Duration deadline = absl::Minutes(30);
};

// Whether a feed is named by a URL rather than a path.
bool IsUrl(std::string_view feed);

// Downloads a zip to a file in `directory` that is named after the URL, and
// gives its path. Redirects are followed, except from https to http. The file
// takes its name only when it is whole.
absl::StatusOr<std::string> FetchFeed(const std::string& url,
                                      const std::string& directory,
                                      const FetchOptions& options);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FETCH_H_
