#ifndef LANDWAITER_AGENT_REGISTRY_HOSTED_TESTING_H_
#define LANDWAITER_AGENT_REGISTRY_HOSTED_TESTING_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "agent/registry/testing.h"
#include "core/base/clock.h"
#include "gtest/gtest.h"
#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"
#include "tests/support/registries/distribution.h"

namespace landwaiter::agent::registry::hosted {

// What the tests of hosted types share: one server that is a vendor's API and,
// below /v2/ and unless the API answers that itself, a registry with the
// standard content, which takes the account "user" with "password".
class HostedTest : public testing::Test {
 protected:
  // The vendor's API: its answer, or nullopt for what is the registry's.
  virtual std::optional<test::Answer> Api(const test::SeenRequest& request) = 0;

  using Make = std::function<std::unique_ptr<Registry>()>;
  // All pages, each of a new object if `make` makes new ones.
  std::vector<std::string> AllRepositories(const Make& make);
  absl::StatusOr<ArtifactPage> AllArtifacts(const Make& make,
                                            const std::string& repository);
  // Every image that the content has under `repository` in the listing's
  // names: tags by name, with the digest that they have or resolve to.
  void ExpectTagsOf(const Make& make, const std::string& repository);
  // Pulls an image's manifest and blobs; the digests are checked.
  void ExpectPull(Registry& registry, const std::string& repository,
                  const std::string& tag);
  Connection ConnectionAs(const std::string& user, const std::string& password);
  int Asked(const std::string& part);  // requests whose target holds it

  static std::string Basic(const std::string& user,
                           const std::string& password);
  // Whether the request carries the right Basic login.
  static bool IsLoggedIn(const test::SeenRequest& request);

  base::FakeClock clock_;
  test::RegistryContent content_ = test::StandardContent();
  std::optional<test::Answer> instead_;  // of every answer
  test::Distribution distribution_{
      content_, [](const test::SeenRequest& r, const std::string&) {
        return Challenge(r);
      }};
  test::HttpServer server_{
      [this](const test::SeenRequest& r) { return Serve(r); }};

 private:
  static std::optional<test::Answer> Challenge(const test::SeenRequest& r);
  test::Answer Serve(const test::SeenRequest& request);
};

}  // namespace landwaiter::agent::registry::hosted

#endif  // LANDWAITER_AGENT_REGISTRY_HOSTED_TESTING_H_
