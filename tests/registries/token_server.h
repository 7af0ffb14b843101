#ifndef LANDWAITER_TESTS_REGISTRIES_TOKEN_SERVER_H_
#define LANDWAITER_TESTS_REGISTRIES_TOKEN_SERVER_H_

#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "core/http/client.h"
#include "tests/support/certificates.h"
#include "tests/support/files.h"
#include "tests/support/http_server.h"

namespace landwaiter::test {

// A token server as distribution's docs/spec/auth/token has it: signs with
// ES256 what kUser with kPassword may do, for a registry that trusts its
// certificate. Whoever shows no login gets a token that allows nothing.
class TokenServer {
 public:
  // distribution takes a token for so long after its end.
  static constexpr absl::Duration kLeeway = absl::Seconds(60);

  TokenServer();

  // How long the registry takes a token, and how long it is said to live.
  // Not to be changed while somebody asks.
  absl::Duration life = absl::Minutes(10);
  absl::Duration told = absl::Minutes(10);
  // What nobody gets, "registry:catalog:*".
  std::set<std::string> denied;

  // The section of a registry's configuration that sends its users to `host`
  // for this server.
  std::string RegistryConfig(const std::string& host = "127.0.0.1") const;
  // What authorises pushes to a repository.
  http::Headers PushHeaders(const std::string& repository) const;

  // Everything that was asked for so far, in order: a scope each, or "" .
  std::vector<std::string> Asked() const;
  int AskedFor(const std::string& scope) const;

 private:
  Answer Serve(const SeenRequest& request) const;
  std::string Issue(const std::vector<std::string>& scopes) const;

  testing::TempDir directory_;
  TestCa ca_;
  const CertificateAndKey signer_;
  HttpServer server_;
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_REGISTRIES_TOKEN_SERVER_H_
