#ifndef LANDWAITER_TESTS_REGISTRIES_DISTRIBUTION_SERVER_H_
#define LANDWAITER_TESTS_REGISTRIES_DISTRIBUTION_SERVER_H_

#include <optional>
#include <string>
#include <vector>

#include "core/http/url.h"
#include "tests/support/certificates.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace landwaiter::test {

// The account of every real registry here that has one of its own.
inline constexpr char kUser[] = "admin";
inline constexpr char kPassword[] = "right password";

struct DistributionOptions {
  std::string program;  // "docker-registry" (Debian's 2.8) or "registry" (v3)
  std::string config;   // sections to add to its configuration, YAML
  bool htpasswd = false;
  std::optional<CertificateAndKey> certificate;  // https
  std::string client_ca_pem;  // clients must show a certificate of it
  std::string address = "127.0.0.1";
  std::vector<std::string> prefix;  // what to run it with: "nsenter", ...
};

// A real registry of Docker's distribution, on a free port, for as long as
// this lives. One that does not start ends the test program, with its log.
class DistributionServer {
 public:
  explicit DistributionServer(const DistributionOptions& options);

  const http::Url& url() const { return url_; }
  // Everything it has said so far: a line of JSON for each request and more.
  std::string Log() const;

 private:
  std::string File(const std::string& name) const;
  std::string Config(const DistributionOptions& options) const;
  void AwaitPort();

  testing::TempDir directory_;
  http::Url url_;
  Process process_;
};

// The first of these programs that is not there; empty: all are.
std::string MissingTool(const std::vector<std::string>& names);

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_REGISTRIES_DISTRIBUTION_SERVER_H_
