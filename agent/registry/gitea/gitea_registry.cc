#include "agent/registry/gitea/gitea_registry.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::gitea {
namespace {

class GiteaRegistry : public hosted::FixedPullSide {
 public:
  GiteaRegistry(const Connection& connection, std::unique_ptr<Registry> oci,
                base::Clock& clock)
      : FixedPullSide(std::move(oci)),
        anonymous_(connection.credentials.empty()),
        api_(connection, std::make_unique<BasicAuthorization>(connection),
             clock),
        open_(connection, std::make_unique<FixedAuthorization>(http::Headers()),
              clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override {
    return oci().ListRepositories(cursor);
  }
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override {
    return oci().ListArtifacts(repository, cursor);
  }

 private:
  absl::Status CheckVersion();
  absl::Status CheckAccount();

  const bool anonymous_;
  ApiClient api_;
  ApiClient open_;  // sends no credentials to what is not known yet
};

absl::Status GiteaRegistry::CheckVersion() {
  const auto response = open_.Get("/api/v1/version");
  if (!response.ok()) return AsConnectionFailure(response.status());
  // An instance that is closed to strangers says 401 or 403, in JSON too.
  const auto json = JsonOf(*response, "the version of Gitea");
  if (response->status == 200 && !json.ok()) {
    return AsConnectionFailure(json.status());
  }
  const bool known =
      json.ok() && (!TextAt(*json, "version").empty() ||
                    ((response->status == 401 || response->status == 403) &&
                     json->contains("message")));
  if (known) return absl::OkStatus();
  return WrongVersion(
      base::StrCat("this is no Gitea or Forgejo: /api/v1/version answers ",
                   response->status));
}

absl::Status GiteaRegistry::CheckAccount() {
  const auto user = api_.Get("/api/v1/user");
  if (!user.ok()) return AsConnectionFailure(user.status());
  if (user->status == 401) {
    return WrongCredentials("Gitea refuses the user name or the password");
  }
  if (user->status == 403) {
    return MissingAdminRole(
        "the account may not ask who it is: an access token needs the scope "
        "read:user, an account with two factors an access token");
  }
  if (user->status != 200)
    return UnexpectedAnswer("/api/v1/user", user->status);
  const auto json = JsonOf(*user, "the account");
  if (!json.ok()) return AsConnectionFailure(json.status());
  if (TrueAt(*json, "is_admin")) return absl::OkStatus();
  return MissingAdminRole(
      "the account is no administrator of the Gitea, which shows others only "
      "a part of what there is");
}

absl::StatusOr<Verification> GiteaRegistry::Verify() {
  LANDWAITER_RETURN_IF_ERROR(CheckVersion());
  if (!anonymous_) LANDWAITER_RETURN_IF_ERROR(CheckAccount());
  // The registry has a login of its own, and may be switched off.
  auto verification = oci().Verify();
  if (!verification.ok() && !anonymous_ &&
      base::FailureCodeOf(verification.status()) ==
          base::FailureCode::kFailedToVerifyUsernameOrPwd) {
    return MissingAdminRole(
        "the account may not read packages: an access token needs the scope "
        "read:package");
  }
  if (verification.ok() && anonymous_) {
    verification->note = "without an account only what is public is listed";
  }
  return verification;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewGiteaRegistry(
    Connection connection, base::Clock& clock) {
  connection.http.base.target.clear();
  LANDWAITER_ASSIGN_OR_RETURN(auto oci, oci::NewOciRegistry(connection, clock));
  return std::make_unique<GiteaRegistry>(connection, std::move(oci), clock);
}

}  // namespace landwaiter::agent::registry::gitea
