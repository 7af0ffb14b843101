#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_QUAY_SIMULATOR_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_QUAY_SIMULATOR_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "nlohmann/json_fwd.hpp"
#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test {

// A Quay: the reading side of its API and of /v2/, as measured on a real one
// (recorded exchanges), with its traps. Fields may be changed between requests.
class QuaySimulator {
 public:
  struct User {
    std::string password;
    bool super_user = false;
    bool enabled = true;
    std::string encrypted_password;
  };
  struct Organization {
    std::set<std::string> owners;
    std::set<std::string> members;
  };
  // An OAuth token: acts as its user, within its scopes.
  struct Token {
    std::string user;
    std::set<std::string> scopes;
    bool revoked = false;
    bool expired = false;
  };
  struct Robot {
    std::string token;
    std::set<std::string> may_read;
    bool deleted = false;
  };
  // A tag that is no more, or will be.
  struct DeadTag {
    std::string name;
    model::Digest digest;
    absl::Time start;
    absl::Time end;
  };
  // What Quay knows of a repository beside its content.
  struct Repository {
    std::string name;  // with its namespace
    bool is_public = false;
    std::string description;
    std::string kind = "image";
    std::string state = "NORMAL";
    std::set<std::string> readers;  // beside the owners
    std::vector<DeadTag> history;
    std::map<std::string, absl::Time> expirations;  // by tag
  };

  // With the standard content in organizations library, team-a and team-b,
  // which alice owns; the repositories are private. Her OAuth token
  // "alice-token" has repo:read, user:read and org:admin.
  explicit QuaySimulator(const Listen& listen = {});

  std::map<std::string, User> users;
  std::map<std::string, Organization> organizations;
  std::map<std::string, Token> tokens;
  std::map<std::string, Robot> robots;   // by "namespace+name"
  std::vector<Repository> repositories;  // in the order of their making
  RegistryContent content;

  bool anonymous_access = true;
  bool superusers_full_access = false;
  bool public_catalog = false;
  bool database_up = true;
  size_t page_size = 100;  // of /api/v1/repository
  // So many logins of a user are refused with 429 after a wrong password.
  int throttled_logins = 1;
  // So many requests to /v2/auth are answered with 429, without Retry-After.
  int rate_limited_auths = 0;
  // Registry tokens that were signed with another are refused.
  std::string signing_key = "key";
  int64_t cut_next_blob = -1;  // the next blob breaks off after so many bytes
  // Tokens of pages are not known any more (they last two days).
  bool forgets_pages = false;
  std::string redirects_name;  // host in redirects; empty: the request's
  std::string blobs_at;        // blobs are at this address; empty: here
  Answer* instead = nullptr;   // the answer to everything, if set

  // Adds to `repositories` what only `content` has.
  void TakeUpContent();
  void DeleteTag(const std::string& repository, const std::string& tag,
                 absl::Time when);
  void DeleteRepository(const std::string& repository);
  Answer Serve(const SeenRequest& request);
  Repository* Find(const std::string& repository);

  // Who asks.
  struct Identity {
    enum Kind { kAnonymous, kUser, kRobot, kOAuth } kind = kAnonymous;
    std::string name;  // of the user or robot
    std::set<std::string> scopes;
    bool anonymous() const { return kind == kAnonymous; }
  };
  // A registry token, as /v2/auth gives it.
  std::string IssueToken(const Identity& who, const std::string& service,
                         const nlohmann::json& access) const;

 private:
  struct ApiCall {
    const SeenRequest& request;
    std::string path;
    std::string host;
    Identity who;
  };
  // What a token of the registry lets its bearer do.
  struct Grant {
    Identity who;
    std::set<std::string> pull;
  };

  // Rights.
  bool Owns(const Identity& who, const std::string& name_space) const;
  bool HasRight(const Identity& who, const Repository& repository) const;
  bool MayRead(const Identity& who, const std::string& repository) const;
  const Repository* Find(const std::string& repository) const;
  bool IsSuperUser(const Identity& who) const;

  // /api/v1 (api.cc, tags.cc)
  Answer Api(const SeenRequest& request);
  std::optional<Answer> ApiOfNoOne(const ApiCall& call) const;
  Answer ListRepositories(const ApiCall& call) const;
  Answer RepositoryCall(const ApiCall& call, const std::string& rest) const;
  Answer OneRepository(const ApiCall& call, const Repository& at) const;
  Answer OneUser(const ApiCall& call) const;
  Answer OneOrganization(const ApiCall& call, const std::string& name) const;
  Answer SuperUserCall(const ApiCall& call, const std::string& rest) const;
  Answer Tags(const ApiCall& call, const Repository& at) const;
  Answer OneManifest(const ApiCall& call, const Repository& at,
                     const std::string& digest) const;
  nlohmann::json TagRows(const Repository& at, bool active_only) const;
  Identity ApiIdentity(const SeenRequest& request) const;

  // /v2/ (auth.cc, registry.cc)
  Answer Auth(const SeenRequest& request);
  std::optional<Answer> Login(const std::string& basic, Identity& who);
  std::optional<Answer> LoginAsUser(const std::string& name,
                                    const std::string& password, Identity& who);
  std::optional<Answer> BadBearer(const SeenRequest& request,
                                  std::optional<Grant>& grant) const;
  Answer Registry(const SeenRequest& request);
  Answer Catalog(const SeenRequest& request,
                 const std::optional<Grant>& grant) const;
  Answer TagNames(const SeenRequest& request,
                  const std::string& repository) const;
  Answer Manifest(const SeenRequest& request, const std::string& repository,
                  const std::string& reference) const;
  Answer Blob(const std::string& repository, const std::string& digest);

  std::map<std::string, int> throttled_;  // refusals to come, by user

 public:
  HttpServer server;
};

namespace quay {

std::string PathOf(const SeenRequest& request);
std::string Parameter(const SeenRequest& request, const std::string& name);
std::string HostOf(const SeenRequest& request);
bool IsIndex(const StoredManifest& manifest);
// Compressed size of the layers.
uint64_t LayerSize(const StoredManifest& manifest);
// What Quay answers for a tag to whom its manifest's type is not acceptable.
Answer Converted(const RegistryContent& content, const std::string& repository,
                 const std::string& tag, const std::string& accept);

}  // namespace quay

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_QUAY_SIMULATOR_H_
