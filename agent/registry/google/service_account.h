#ifndef LANDWAITER_AGENT_REGISTRY_GOOGLE_SERVICE_ACCOUNT_H_
#define LANDWAITER_AGENT_REGISTRY_GOOGLE_SERVICE_ACCOUNT_H_

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "agent/registry/connection.h"

// OpenSSL's key; its headers stay in the .cc.
struct evp_pkey_st;

namespace landwaiter::agent::registry::google {

// Where access tokens come from: the audience of every grant.
inline constexpr std::string_view kTokenHost = "oauth2.googleapis.com";
inline constexpr std::string_view kTokenUri =
    "https://oauth2.googleapis.com/token";

// Whether it is the id of a project ("acme-prod", "example.com:acme-prod").
bool IsProject(std::string_view project);

// The key file of a service account, as the console makes it
// (cloud.google.com/iam/docs/keys-create-delete). A secret: it is never
// printed, and never leaves the process. Immutable.
class ServiceAccount {
 public:
  // Of an account as `docker login` takes it: the user name is `_json_key` and
  // the password the file, or `_json_key_base64` and the file in base64.
  // FailedToVerifyUsernameOrPwd with the reason if it is anything else: also
  // for a key that wants its tokens from elsewhere than Google.
  static absl::StatusOr<ServiceAccount> Parse(const Credentials& credentials);

  const std::string& project() const { return project_; }
  const std::string& email() const { return email_; }

  // A grant for an access token with read-only `scopes` (RFC 7523, RS256),
  // good for an hour from `now`. INTERNAL if it cannot be signed.
  absl::StatusOr<std::string> Grant(std::string_view scopes,
                                    absl::Time now) const;

 private:
  std::string project_;
  std::string email_;
  std::string key_id_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace landwaiter::agent::registry::google

#endif  // LANDWAITER_AGENT_REGISTRY_GOOGLE_SERVICE_ACCOUNT_H_
