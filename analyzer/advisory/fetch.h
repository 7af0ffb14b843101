#ifndef LANDWAITER_ANALYZER_ADVISORY_FETCH_H_
#define LANDWAITER_ANALYZER_ADVISORY_FETCH_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/http/client.h"

namespace landwaiter::analyzer::advisory {

struct FetchOptions {
  http::TlsOptions tls;
  http::ProxyOptions proxy;
  uint64_t max_bytes = uint64_t{8} << 30;
  absl::Duration deadline = absl::Minutes(30);  // of a try
  // Of what may pass: no answer, one that breaks off, 429 and 5xx. What has
  // arrived is kept where the server can go on from there.
  int tries = 4;
  // Wait before try n + 1: base * 2^(n-1), minus up to half; longer if the
  // server asks for it (Retry-After), at most kMaxWait.
  absl::Duration retry_base = absl::Seconds(2);
  static constexpr absl::Duration kMaxWait = absl::Minutes(2);
  // A docker credentials file, for artifacts; may be empty.
  std::string docker_config;
};

// What names a version of what is at a URL (RFC 9110 section 8.8); both may be
// empty.
struct Validators {
  std::string etag, last_modified;
  friend bool operator==(const Validators&, const Validators&) = default;
};

struct Fetched {
  bool modified = true;  // else nothing was written
  Validators validators;
};

// Whether a feed is named by a URL rather than a path, or is an artifact in a
// registry ("oci://host/repository:tag").
bool IsUrl(std::string_view feed);
bool IsArtifact(std::string_view feed);

// Downloads to `path` what is at the URL, if it is not what `known` names.
// Redirects are followed, except from https to http. After an error there is
// nothing at `path`. FAILED_PRECONDITION if the clock was interrupted.
absl::StatusOr<Fetched> Fetch(const std::string& url, const std::string& path,
                              const Validators& known,
                              const FetchOptions& options, base::Clock& clock);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_FETCH_H_
