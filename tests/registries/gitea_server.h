#ifndef LANDWAITER_TESTS_REGISTRIES_GITEA_SERVER_H_
#define LANDWAITER_TESTS_REGISTRIES_GITEA_SERVER_H_

#include <string>
#include <vector>

#include "core/http/client.h"
#include "core/http/url.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace landwaiter::test {

// A real Gitea with its container registry, on a free port, for as long as
// this lives: kUser with kPassword is its administrator, kPlainUser with the
// same password is not. One that does not start ends the test program, with
// its log.
class GiteaServer {
 public:
  static constexpr char kPlainUser[] = "somebody";

  // `closed`: it shows nothing to whoever is not logged in.
  explicit GiteaServer(bool closed = false);

  const http::Url& url() const { return url_; }
  // An organization of kUser's: what is before a repository's first slash.
  void MakeOrganization(const std::string& name);
  // An access token of kUser's with these scopes.
  std::string MakeToken(const std::vector<std::string>& scopes);

 private:
  std::string File(const std::string& name) const;
  std::vector<std::string> Command(std::vector<std::string> arguments) const;
  void Run(std::vector<std::string> arguments) const;
  bool AwaitAnswer();
  std::string Post(const std::string& target, const std::string& body);

  testing::TempDir directory_;
  http::Url url_;
  Process process_;
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_REGISTRIES_GITEA_SERVER_H_
