#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_GOOGLE_SIMULATOR_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_GOOGLE_SIMULATOR_H_

#include <map>
#include <optional>
#include <set>
#include <string>

#include "agent/registry/connection.h"
#include "core/base/clock.h"
#include "nlohmann/json_fwd.hpp"
#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test {

// A service account's key file, as the console makes it; its RSA key is made
// once a process.
nlohmann::json GoogleKeyFile();

// Google's token server (POST /token, RFC 7523), Artifact Registry's API
// (/v1/) and its registry (/v2/) on one server. Grants are checked as Google
// does: issuer, audience, times, signature. Fields may be changed between
// requests.
class GoogleSimulator {
 public:
  // `clock` is Google's, and must outlive it.
  explicit GoogleSimulator(base::Clock& clock);

  const std::string project = "acme-prod";
  const std::string location = "europe-west1";
  // By "acme-prod/<repository>/<image>"; for gcr.io by "acme-prod/<image>".
  RegistryContent content;
  std::string gcr_host;  // "gcr.io": all is in the repository of that name
  // Repositories beside those of the content, by id: format and mode.
  std::map<std::string, std::pair<std::string, std::string>> others;
  std::set<std::string> denied;  // permissions, as artifactregistry.tags.list
  bool api_enabled = true;
  bool shows_manifests = true;  // in lists of tags
  bool knows_account = true;
  size_t most_a_page = 1000;
  int page_generation = 0;        // page tokens of another one are refused
  std::set<std::string> blinded;  // names of which /v2/ shows nothing
  std::optional<Answer> root;     // of /v2/

  // How often a private key was shown to anybody.
  int keys_seen = 0;

  HttpServer server;

 private:
  Answer Serve(const SeenRequest& request);
  Answer Grant(const SeenRequest& request);
  Answer Api(const SeenRequest& request);
  Answer V2(const SeenRequest& request);
  Answer V2Token(const SeenRequest& request);
  Answer TagList(const std::string& name) const;
  std::optional<nlohmann::json> Collection(const std::string& path,
                                           std::string& key) const;
  nlohmann::json Repositories(const std::string& parent) const;
  nlohmann::json Packages(const std::string& parent,
                          const std::string& id) const;
  nlohmann::json Versions(const std::string& parent, const std::string& id,
                          const std::string& image) const;
  Answer Page(const SeenRequest& request, const std::string& key,
              const nlohmann::json& all) const;
  std::string NameOf(const std::string& id, const std::string& image) const;
  bool IsGood(const std::string& token) const;

  base::Clock& clock_;
  int tokens_ = 0;
  std::map<std::string, absl::Time> tokens_until_;
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_GOOGLE_SIMULATOR_H_
