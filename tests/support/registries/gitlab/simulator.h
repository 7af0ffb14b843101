#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_SIMULATOR_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_SIMULATOR_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"
#include "tests/support/http_server.h"
#include "tests/support/registries/gitlab/content.h"
#include "tests/support/registries/gitlab/registry_api.h"

namespace landwaiter::test::gitlab {

// A GitLab 17 on one port and its container registry on another, from the
// vendor's documents (/api/v4, /jwt/auth) and recorded exchanges (the
// registry). A test changes the members between requests.
class Simulator {
 public:
  explicit Simulator(base::Clock& clock, Content content = StandardContent(),
                     const Listen& gitlab = {}, const Listen& registry = {});

  Content content;
  bool registry_enabled = true;   // of the whole instance
  bool metadata_database = true;  // /gitlab/v1/ and keyset paging are there
  bool self_endpoint = true;      // personal_access_tokens/self (15.5)
  int64_t rows_without_totals = 10'000;  // no x-total above so many
  size_t largest_page = 100;             // of per_page
  // Answers before the simulator does, if it has something.
  std::function<std::optional<Answer>(const SeenRequest&)> intercept_gitlab;
  std::function<std::optional<Answer>(const SeenRequest&)> intercept_registry;
  // "host:port" of the registry as `location` gives it; by default what it is.
  std::string registry_location;

  http::Url gitlab_url() const { return gitlab_.url(); }
  http::Url registry_url() const { return registry_.url(); }
  std::vector<SeenRequest> SeenByGitLab() const { return gitlab_.Seen(); }
  std::vector<SeenRequest> SeenByRegistry() const { return registry_.Seen(); }
  // How often a wrong login was sent.
  int failed_logins() const { return failed_logins_; }
  // Whether 300 of them have this address refused.
  bool banned() const { return failed_logins_ >= 300; }

  // A pull token as /jwt/auth gives it, good for `life`.
  std::string MakeToken(Access access, absl::Duration life = absl::Minutes(5));
  // The registry's answer to a request that did not come over HTTP.
  Answer AskRegistry(const SeenRequest& request);

 private:
  struct Pull {
    Access access;
    absl::Time expires;
  };
  Answer ServeGitLab(const SeenRequest& request);
  Answer ServeJwt(const SeenRequest& request);
  Answer ServeRest(const SeenRequest& request, const std::string& path);
  Answer ServeFor(const AccessToken& token, const SeenRequest& request,
                  const std::vector<std::string>& parts);
  Answer ServeGroups(const AccessToken& token, const SeenRequest& request,
                     const std::vector<std::string>& parts);
  Answer ServeProjects(const AccessToken& token, const SeenRequest& request,
                       const std::vector<std::string>& parts);
  Answer ServeTags(const Repository& repository, const SeenRequest& request,
                   const std::vector<std::string>& parts);
  const AccessToken* TokenOf(std::string_view text);
  bool MayRead(const AccessToken& token, std::string_view path) const;
  std::optional<Access> ReadToken(std::string_view text) const;

  base::Clock& clock_;
  std::map<std::string, Pull, std::less<>> pulls_;
  int failed_logins_ = 0;
  RegistryApi api_;
  HttpServer registry_;
  HttpServer gitlab_;
};

}  // namespace landwaiter::test::gitlab

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_SIMULATOR_H_
