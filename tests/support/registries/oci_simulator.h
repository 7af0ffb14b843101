#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_OCI_SIMULATOR_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_OCI_SIMULATOR_H_

#include <optional>
#include <string>

#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"
#include "tests/support/registries/distribution.h"

namespace landwaiter::test {

// Docker's distribution behind Basic authentication, as a proxy in front of it
// or its htpasswd does it. Of its two accounts, admin and dev, only the first
// may list the catalog; both have the same password.
class OciSimulator {
 public:
  explicit OciSimulator(RegistryContent content, const Listen& listen = {});

  RegistryContent content;
  std::string password = "secret";
  HttpServer server;

 private:
  std::optional<Answer> Authorize(const SeenRequest& request,
                                  const std::string& scope) const;
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_OCI_SIMULATOR_H_
