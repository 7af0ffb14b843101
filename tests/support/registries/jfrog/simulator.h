#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_JFROG_SIMULATOR_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_JFROG_SIMULATOR_H_

#include <map>
#include <set>
#include <string>

#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test {

// Artifactory as JFrog's REST reference describes it, with its traps. Fields
// may be changed between requests.
class JfrogSimulator {
 public:
  struct User {
    std::string password;
    bool admin = false;
  };
  struct Repository {
    std::string type = "LOCAL";  // REMOTE, FEDERATED, VIRTUAL
    std::string package = "docker";
    bool open = false;        // anybody may read it
    RegistryContent content;  // names without the key; of a VIRTUAL: a copy
  };

  explicit JfrogSimulator(const Listen& listen = {});

  std::map<std::string, User> users = {{"admin", {"password", true}},
                                       {"reader", {"password", false}}};
  std::map<std::string, Repository> repositories;
  std::string version = "7.90.1";  // before 7.61.3 no configurations
  // Everybody may read what is open.
  bool anonymous_access = false;
  // And a wrong password makes a caller anonymous, not refused.
  bool wrong_password_is_anonymous = false;
  // Links of pages have a number for `last`.
  bool numeric_last = false;
  bool with_links = true;
  // "<key>/<image>/<tag>" that permissions take out of a search's results.
  std::set<std::string> hidden_from_search;
  int search_status = 200;    // what a search is answered with
  Answer* instead = nullptr;  // the answer to everything, if set

  HttpServer server;

 private:
  enum class Who { kNobody, kAnonymous, kUser, kAdmin };

  Answer Serve(const SeenRequest& request);
  Who WhoSends(const SeenRequest& request) const;
  Answer System(const std::string& path, Who who) const;
  Answer Repositories(const SeenRequest& request, Who who) const;
  Answer UserOf(const std::string& name, Who who) const;
  Answer Search(const SeenRequest& request, Who who) const;
  Answer Docker(const SeenRequest& request, const std::string& rest, Who who);
  Answer Token(const SeenRequest& request) const;
  // The repository that a key names in a path, nullptr if none serves it.
  const Repository* Behind(const std::string& key) const;
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_JFROG_SIMULATOR_H_
