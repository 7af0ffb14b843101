#include "agent/registry/gitlab/verify.h"

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

using base::FailureCode;

constexpr absl::Duration kSoon = absl::Hours(24 * 30);

std::string NameOf(const Account& account) {
  return account.group().empty()
             ? "the administrator's access token"
             : base::StrCat("the access token of group ",
                            base::Printable(account.group()));
}

absl::Status BadToken(const Account& account) {
  return WrongCredentials(
      base::StrCat("GitLab refuses ", NameOf(account),
                   ": it is wrong, revoked or expired (a user's "
                   "own password is not taken in its place)"));
}

void AddNote(std::string& note, std::string_view text) {
  base::StrAppend(&note, note.empty() ? "" : "; ", text);
}

bool HasAny(const nlohmann::json& scopes,
            std::initializer_list<std::string_view> wanted) {
  return std::any_of(scopes.begin(), scopes.end(), [&](const auto& scope) {
    return scope.is_string() &&
           std::find(wanted.begin(), wanted.end(),
                     scope.template get<std::string>()) != wanted.end();
  });
}

// What the token says of itself.
absl::Status CheckSelf(const Account& account, const nlohmann::json& self,
                       absl::Time now, std::string& note) {
  if (TrueAt(self, "revoked") ||
      (self.contains("active") && !TrueAt(self, "active"))) {
    return BadToken(account);
  }
  if (const auto scopes = self.find("scopes");
      scopes != self.end() && scopes->is_array()) {
    if (!HasAny(*scopes, {"api", "read_api"})) {
      return MissingAdminRole(
          base::StrCat(NameOf(account), " lacks the scope read_api"));
    }
    if (!HasAny(*scopes, {"api", "read_registry"})) {
      AddNote(note, base::StrCat(NameOf(account),
                                 " lacks the scope read_registry: images are "
                                 "listed, but cannot be pulled"));
    }
  }
  const std::string expires = TextAt(self, "expires_at");
  absl::Time end;
  std::string error;
  if (absl::ParseTime("%Y-%m-%d", expires, &end, &error) && end - now < kSoon) {
    AddNote(note, base::StrCat(NameOf(account), " expires on ", expires));
  }
  return absl::OkStatus();
}

// Whether the token is one. GitLabs before 15.5 tell nothing more of it.
absl::Status CheckToken(Account& account, absl::Time now, std::string& note) {
  auto answer = account.Get("/personal_access_tokens/self");
  if (answer.ok() && answer->status == 404) answer = account.Get("/user");
  if (account.rejected()) return BadToken(account);
  if (!answer.ok()) return AsVerifyFailure(answer.status());
  if (answer->status == 403) {
    return MissingAdminRole(
        base::StrCat(NameOf(account), " lacks the scope read_api"));
  }
  if (answer->status != 200) {
    return AsVerifyFailure(StatusFailure(answer->status, "access token"));
  }
  const auto self = JsonOf(*answer, "what GitLab says of the access token");
  if (!self.ok()) return AsVerifyFailure(self.status());
  if (!self->is_object()) return BadToken(account);
  return CheckSelf(account, *self, now, note);
}

absl::Status CheckAdministrator(Account& account) {
  const auto user = account.GetSeen("/user", "account");
  if (!user.ok()) return AsVerifyFailure(user.status());
  const auto json = JsonOf(*user, "the account");
  if (!json.ok()) return AsVerifyFailure(json.status());
  if (TrueAt(*json, "is_admin")) return absl::OkStatus();
  return MissingAdminRole(
      "the account is no administrator of the GitLab; other accounts reach "
      "groups, each with an access token of its own");
}

// The admin's probe of a group: its registry can be listed.
absl::Status CheckGroup(Session& session, Account& account, std::string& note) {
  const auto rows = session.Rows(
      account, base::StrCat("/groups/", http::EscapeComponent(account.group())),
      {});
  if (rows.ok()) {
    if (rows->rows.empty()) {
      AddNote(note, base::StrCat("the group ", base::Printable(account.group()),
                                 " has no container repositories yet"));
    }
    return absl::OkStatus();
  }
  if (base::FailureCodeOf(rows.status()) != FailureCode::kUnauthorized) {
    return AsVerifyFailure(rows.status());
  }
  return MissingAdminRole(base::StrCat(
      NameOf(account), " needs the role Reporter or a higher one there: ",
      base::ToStd(rows.status().message())));
}

// The registry is another host than GitLab; whether it can be reached shows
// only there.
absl::Status CheckRegistry(Session& session, Account& account) {
  const auto registry = session.registry();
  if (!registry) return absl::OkStatus();
  const auto pull = account.PullFrom(*registry);
  if (!pull.ok()) return AsVerifyFailure(pull.status());
  const auto root = (*pull)->transport.Send({.target = "/v2/"}, "", 64 << 10);
  if (root.ok() && root->status == 200 && !IsWebPage(*root)) {
    return absl::OkStatus();
  }
  if (root.ok()) {
    return UnexpectedAnswer(
        base::StrCat("the registry at ", registry->Origin()), root->status);
  }
  // A token that may not pull was noted; what else is refused is not known.
  const absl::Status status = account.Judged(root.status());
  if (account.rejected()) return BadToken(account);
  if (base::FailureCodeOf(status) == FailureCode::kUnauthorized) {
    return absl::OkStatus();
  }
  return AsVerifyFailure(base::WithContext(
      status, base::StrCat("the registry at ", registry->Origin())));
}

}  // namespace

absl::Status AsVerifyFailure(const absl::Status& status) {
  switch (base::FailureCodeOf(status)) {
    case FailureCode::kRegistryVersionError:
    case FailureCode::kNetworkConnectError:
      return status;
    case FailureCode::kUnauthorized:
      return MissingAdminRole(base::ToStd(status.message()));
    default:
      return AsConnectionFailure(status);
  }
}

absl::StatusOr<Verification> VerifyAccounts(Session& session, absl::Time now) {
  Verification verification{.detected_version = "V1"};
  for (const auto& account : session.accounts()) {
    LANDWAITER_RETURN_IF_ERROR(CheckToken(*account, now, verification.note));
  }
  for (const auto& account : session.accounts()) {
    LANDWAITER_RETURN_IF_ERROR(
        account->group().empty()
            ? CheckAdministrator(*account)
            : CheckGroup(session, *account, verification.note));
  }
  LANDWAITER_RETURN_IF_ERROR(
      CheckRegistry(session, *session.accounts().front()));
  return verification;
}

}  // namespace landwaiter::agent::registry::gitlab
