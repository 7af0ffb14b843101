#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_ACR_SIMULATOR_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_ACR_SIMULATOR_H_

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

// Alibaba Cloud's container registry, both editions: /v2/ and the APIs of the
// cloud (RPC at "/", ROA at "/namespace" and "/repos/") on one server. It
// checks signatures, their age and that a nonce is new, as Alibaba's gateway
// does. Fields may be changed between requests.
class AcrSimulator {
 public:
  struct Instance {
    std::string id, name, domain;
  };

  // `clock` is the cloud's, and must outlive it.
  explicit AcrSimulator(base::Clock& clock, const Listen& listen = {});

  bool enterprise = true;
  agent::registry::Credentials key = {"LTAI4example", "secret"};
  // Of a user that RAM allows nothing.
  agent::registry::Credentials powerless_key = {"LTAI4nobody", "secret"};
  std::string region = "cn-hangzhou";
  std::string instance = "cri-abcdefgh";
  RegistryContent content;  // "<namespace>/<repository>"
  // Calls (RPC actions, ROA paths) that RAM does not allow.
  std::set<std::string> denied;
  // The next calls that are answered with Throttling.User.
  int throttled = 0;
  // Repositories and tags are deleted while they are listed: after a first
  // page was given.
  bool loses_one_while_listed = false;
  // Digests as the documentation shows them, or complete.
  bool bare_digests = true;
  // "HTTP 200, IsSuccess false" for all calls, with this code.
  std::string failure_with_200;
  std::vector<Instance> instances;  // of ListInstance
  bool personal_activated = true;
  std::optional<Answer> root;  // of /v2/, in place of the challenge

  HttpServer server;

 private:
  Answer Serve(const SeenRequest& request);
  Answer V2(const SeenRequest& request);
  Answer Token(const SeenRequest& request);
  Answer Rpc(const SeenRequest& request);
  Answer Roa(const SeenRequest& request);
  // The secret of an access key; empty if there is no such key.
  std::string SecretOf(const std::string& access_key) const;
  std::optional<Answer> Gate(const std::string& access_key, bool signature_fits,
                             absl::Time when, const std::string& nonce,
                             const std::string& call);
  nlohmann::json Instances() const;
  nlohmann::json Endpoints(const std::string& id) const;
  nlohmann::json Repositories(const std::string& ns, uint64_t page,
                              uint64_t size);
  std::optional<nlohmann::json> Images(const std::string& repository,
                                       uint64_t page, uint64_t size);
  std::string DigestText(const model::Digest& digest) const;

  base::Clock& clock_;
  std::set<std::string> nonces_;
  int logins_ = 0;
  absl::Time login_until_ = absl::InfinitePast();
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_ACR_SIMULATOR_H_
