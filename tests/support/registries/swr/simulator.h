#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_SWR_SIMULATOR_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_SWR_SIMULATOR_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "agent/registry/connection.h"
#include "core/base/clock.h"
#include "nlohmann/json_fwd.hpp"
#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test {

// Huawei Cloud's SWR: /v2/ (but /v2/manage/) is the registry's, the rest the
// cloud's API, with IAM's list of projects and the Enterprise edition's of
// instances. It checks signatures and their age as Huawei's gateway does.
// Fields may be changed between requests.
class SwrSimulator {
 public:
  struct Instance {
    std::string id, name, address;
  };

  // `clock` is the cloud's, and must outlive it.
  explicit SwrSimulator(base::Clock& clock, const Listen& listen = {});

  agent::registry::Credentials key = {"AKEXAMPLE", "sk"};
  // Of a user without any permission.
  agent::registry::Credentials powerless_key = {"AKNOBODY", "sk"};
  std::string region = "cn-north-4";
  RegistryContent content;              // "<organization>/<repository>"
  std::map<std::string, int> auth;      // of organizations, if not 7
  std::set<std::string> denied;         // paths that are answered with 403
  bool tells_total = true;              // Content-Range
  bool loses_one_while_listed = false;  // after the first page
  std::optional<Answer> root;           // of GET /
  std::vector<Instance> instances;      // of the Enterprise edition; all of
                                        // them hold the content
  std::set<std::string> blinded;        // of which their API shows nothing
  // The host that logins are for; empty: the server's.
  std::string login_host;

  HttpServer server;

 private:
  Answer Serve(const SeenRequest& request);
  Answer V2(const SeenRequest& request);
  std::optional<Answer> Gate(const SeenRequest& request,
                             const std::string& path) const;
  Answer Api(const SeenRequest& request, const std::string& path);
  Answer List(const SeenRequest& request, const nlohmann::json& all) const;
  nlohmann::json Namespaces() const;
  nlohmann::json Repositories() const;
  std::optional<nlohmann::json> Tags(const std::string& path) const;
  Answer Secret();
  // The Enterprise edition's, below /v2/project-1/instances.
  Answer Enterprise(const SeenRequest& request, const std::string& path);
  nlohmann::json EnterpriseRepositories() const;
  nlohmann::json Artifacts(const std::string& repository) const;
  Answer TempCredential();

  base::Clock& clock_;
  int logins_ = 0;
  std::string login_;  // the last that was lent, as Basic has it
  absl::Time login_until_ = absl::InfinitePast();
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_SWR_SIMULATOR_H_
