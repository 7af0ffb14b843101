#ifndef LANDWAITER_ANALYZER_ADVISORY_OCI_SESSION_H_
#define LANDWAITER_ANALYZER_ADVISORY_OCI_SESSION_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "analyzer/advisory/oci_artifact.h"
#include "core/http/client.h"

namespace landwaiter::analyzer::advisory {

// Requests to one repository of a registry, with the login or token that it
// asks for (distribution-spec; Docker's token authentication). Not thread-safe.
class OciSession {
 public:
  // `actions` is what a token is asked for: "pull" or "pull,push".
  static absl::StatusOr<OciSession> Open(const ArtifactReference& reference,
                                         std::string_view actions,
                                         const ArtifactOptions& options);

  // Sends it, once more with credentials if the registry wants them. A request
  // whose body is a file is sent when that is settled already. Errors are of
  // the connection or the login; any other answer is one.
  absl::StatusOr<http::Response> Send(http::Request request);
  // Downloads a body to the file, at most `size` bytes of it, through redirects
  // (without the credentials at another host): its SHA-256 in hex.
  absl::StatusOr<std::string> Download(const std::string& target, uint64_t size,
                                       const std::string& path);

  // "/v2/<repository>/<rest>".
  std::string Target(std::string_view rest) const;

 private:
  OciSession() = default;
  absl::StatusOr<std::unique_ptr<http::Client>> NewClient(
      const http::Url& origin) const;
  absl::Status LogIn(const http::Response& refused);
  absl::Status GetToken(std::string_view challenge);

  ArtifactReference reference_;
  std::string actions_;
  ArtifactOptions options_;
  http::Url origin_;
  std::unique_ptr<http::Client> client_;
  std::string authorization_;
};

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OCI_SESSION_H_
