#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_SIMULATOR_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_SIMULATOR_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "core/base/clock.h"
#include "nlohmann/json.hpp"
#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"
#include "tests/support/registries/distribution.h"

namespace landwaiter::test::harbor {

struct Account {
  std::string password;
  bool admin = false;
  bool robot = false;
  bool disabled = false;
  bool catalog = false;  // a robot that may read /v2/_catalog
  // Private projects that it may see; an admin sees all.
  std::set<std::string> projects;
  // Private projects that it may pull from, but not list.
  std::set<std::string> pull_only;
};

// Harbor 2.15 (V2) or 1.10 (V1) behind its nginx, from Harbor's swagger files
// and exchanges recorded with 2.15.2 and 1.10.19, as far as a client that
// reads needs it. A test changes the members between requests.
class Simulator {
 public:
  enum class Version { kV1, kV2 };
  Simulator(Version version, base::Clock& clock,
            RegistryContent content = StandardContent(),
            const Listen& listen = {});

  RegistryContent content;
  // By name: admin, dev1 (no admin), robot$ci (sees all), and
  // robot$team-a+puller; the password of each is its name and "-secret".
  std::map<std::string, Account> accounts;
  std::set<std::string> private_projects = {"team-b"};
  std::set<std::string> empty_projects;  // beside those of the content
  bool oidc = false;           // dev1's secret is good for tokens alone
  bool database_down = false;  // everybody is refused, lists are 500
  bool health_lags = false;    // /health has not noticed yet
  bool behind_nginx = true;    // which undoes one escaping of a path
  int64_t slow_above = 1000;   // larger pages of artifacts are 504
  // Answers before the simulator does, if it has something.
  std::function<std::optional<Answer>(const SeenRequest&)> intercept;

  http::Url url() const { return server_.url(); }
  std::vector<SeenRequest> Seen() const { return server_.Seen(); }
  int failed_logins() const { return failed_logins_; }

  // The answer to a request that did not come over HTTP.
  Answer Serve(const SeenRequest& request);

 private:
  // Who asks; the name is empty for those that are not known.
  struct Caller {
    std::string name;
    const Account* account = nullptr;
  };
  Caller CallerOf(const SeenRequest& request);
  bool MaySee(const Caller& caller, const std::string& project) const;
  bool MayPull(const Caller& caller, const std::string& project) const;
  bool HasProject(const std::string& project) const;

  Answer ServeV2(const SeenRequest& request, const Caller& caller,
                 const std::string& path);
  Answer ServeProjectV2(const SeenRequest& request, const Caller& caller,
                        const std::vector<std::string>& parts);
  Answer ServeArtifacts(const SeenRequest& request,
                        const std::string& repository);
  Answer ServeV1(const SeenRequest& request, const Caller& caller,
                 const std::string& path);
  Answer ServeTagsV1(const Caller& caller, const std::string& repository);
  Answer ServePull(const SeenRequest& request);
  Answer ServeToken(const SeenRequest& request, const Caller& caller);
  std::optional<Answer> AuthorizePull(const SeenRequest& request,
                                      const std::string& scope);
  Answer Health() const;
  Answer UsersCurrent(const Caller& caller) const;
  Answer SystemInfo(const SeenRequest& request, const Caller& caller) const;
  nlohmann::json Projects(const Caller& caller) const;
  nlohmann::json Repositories(const Caller& caller,
                              const std::string& project) const;
  nlohmann::json Artifacts(const std::string& repository) const;

  const Version version_;
  base::Clock& clock_;
  Distribution distribution_;
  int failed_logins_ = 0;
  std::map<std::string, absl::Time> locked_until_;
  std::map<std::string, std::set<std::string>> tokens_;  // with their scopes
  HttpServer server_;
};

}  // namespace landwaiter::test::harbor

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_SIMULATOR_H_
