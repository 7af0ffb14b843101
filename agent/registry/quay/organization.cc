#include "agent/registry/quay/organization.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::quay {
namespace {

using base::Failure;
using base::FailureCode;

constexpr int kTagsAPage = 100;  // more is cut to this in silence

Connection PullConnection(const Connection& connection,
                          const ScopedToken& token) {
  Connection pull = connection;
  pull.credentials = {kOAuthUser, token.token};
  pull.tokens.clear();
  return pull;
}

http::Headers ApiHeaders(const ScopedToken& token) {
  return {{"Authorization", base::StrCat("Bearer ", token.token)},
          {kNoBrowser, kNoBrowserValue}};
}

absl::Status NotTheApi(std::string_view what) {
  return Failure(FailureCode::kNetworkError,
                 base::StrCat("the ", what, " is not what Quay's API says"),
                 "Protocol");
}

// A list in an object; an error if there is none, since it is no empty list.
absl::StatusOr<nlohmann::json> ListAt(const nlohmann::json& object,
                                      const char* key, std::string_view what) {
  if (!object.is_object() || !object.contains(key) || !object[key].is_array()) {
    return NotTheApi(what);
  }
  return object[key];
}

bool IsImages(const nlohmann::json& repository) {
  return TextAt(repository, "kind") != "application" &&
         TextAt(repository, "state") != "MARKED_FOR_DELETION";
}

}  // namespace

Organization::Organization(const Connection& connection,
                           const ScopedToken& token, base::Clock& clock)
    : name_(token.name),
      pull_(PullConnection(connection, token)),
      api_(connection, std::make_unique<FixedAuthorization>(ApiHeaders(token)),
           clock) {}

absl::StatusOr<Organization::Names> Organization::List(
    const std::string& next_page) {
  const std::string what = base::StrCat("list of repositories of ", name_);
  std::string target = base::StrCat("/api/v1/repository?namespace=", name_);
  if (!next_page.empty()) {
    base::StrAppend(&target, "&next_page=", http::EscapeComponent(next_page));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json answer,
                              api_.GetJson(target, what));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json list,
                              ListAt(answer, "repositories", what));
  Names names;
  for (const nlohmann::json& repository : list) {
    const std::string name =
        base::StrCat(name_, "/", TextAt(repository, "name"));
    if (names.first.empty()) names.first = name;
    if (!IsImages(repository) || !model::IsValidRepository(name)) continue;
    if (TextAt(repository, "namespace") != name_) continue;
    names.usable.push_back(name);
  }
  names.next_page = TextAt(answer, "next_page");
  return names;
}

absl::StatusOr<bool> Organization::IsOwner() {
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      api_.Get(base::StrCat("/api/v1/organization/", name_)));
  const std::string what = base::StrCat("organization ", name_);
  if (response.status == 200) {
    LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json organization,
                                JsonOf(response, what));
    return TrueAt(organization, "is_admin");
  }
  if (response.status == 401 || response.status == 403) return false;
  if (response.status != 404) return StatusFailure(response.status, what);
  LANDWAITER_ASSIGN_OR_RETURN(const http::Response user,
                              api_.Get("/api/v1/user/"));
  if (user.status == 401 || user.status == 403) return false;
  if (user.status != 200) return StatusFailure(user.status, "user");
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json self, JsonOf(user, "user"));
  return TextAt(self, "username") == name_;
}

absl::StatusOr<ArtifactPage> Organization::Tags(std::string_view repository,
                                                int64_t page) {
  const std::string what = base::StrCat("repository ", repository);
  // Without the slash after "tag", Quay redirects to a plain http address.
  LANDWAITER_ASSIGN_OR_RETURN(
      const nlohmann::json answer,
      api_.GetJson(base::StrCat("/api/v1/repository/", repository,
                                "/tag/?onlyActiveTags=true&limit=", kTagsAPage,
                                "&page=", page),
                   what));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json list,
                              ListAt(answer, "tags", what));
  if (!answer.contains("has_additional") ||
      !answer["has_additional"].is_boolean()) {
    return NotTheApi(what);
  }
  ArtifactPage result;
  std::map<model::Digest, model::ManifestEntry> manifests;
  for (const nlohmann::json& row : list) {
    ListedTag tag{.name = TextAt(row, "name")};
    if (!model::IsValidTag(tag.name)) continue;
    if (auto digest = model::Digest::Parse(TextAt(row, "manifest_digest"));
        digest.ok()) {
      tag.digest = *std::move(digest);
      model::ManifestEntry& entry = manifests[tag.digest];
      entry.digest = tag.digest;
      // An index has no size of its own.
      entry.size =
          static_cast<uint64_t>(std::max<int64_t>(0, NumberAt(row, "size")));
      const auto pushed = absl::FromUnixSeconds(NumberAt(row, "start_ts"));
      if (!entry.pushed || *entry.pushed < pushed) entry.pushed = pushed;
    }
    result.tags.push_back(std::move(tag));
  }
  for (auto& [digest, entry] : manifests) {
    result.manifests.push_back(std::move(entry));
  }
  result.complete = !TrueAt(answer, "has_additional");
  if (!result.complete && list.empty()) return NotTheApi(what);
  if (!result.complete) result.next_cursor = std::to_string(page + 1);
  return result;
}

// The name of the user whom the token is of, empty if its scopes do not let it
// know. /user/ answers a token without user:read as it answers a bad one; the
// registry's login tells them apart.
absl::StatusOr<std::string> Organization::ProveToken(base::Clock& clock) {
  const auto user = api_.Get("/api/v1/user/");
  if (!user.ok()) return AsConnectionFailure(user.status());
  if (user->status == 200) {
    const auto self = JsonOf(*user, "user");
    if (!self.ok()) return AsConnectionFailure(self.status());
    if (!TrueAt(*self, "anonymous")) return TextAt(*self, "username");
  } else if (user->status != 401 && user->status != 403) {
    return UnexpectedAnswer("/api/v1/user/", user->status);
  }
  bool refused = false;
  const auto token = Login(pull_, clock).FetchToken(refused);
  if (refused) {
    return WrongCredentials(base::StrCat(
        "the token of ", name_, ": ", base::ToStd(token.status().message())));
  }
  if (!token.ok()) return AsConnectionFailure(token.status());
  return std::string();
}

// Whether the token's scopes let it read what it lists.
absl::Status Organization::CheckReading() {
  const auto names = List("");
  if (!names.ok()) return AsConnectionFailure(names.status());
  if (names->usable.empty()) return absl::OkStatus();
  const auto tags = Tags(names->usable.front(), 1);
  if (tags.ok()) return absl::OkStatus();
  const FailureCode code = base::FailureCodeOf(tags.status());
  if (code == FailureCode::kUnauthorized) {
    return MissingAdminRole(
        base::StrCat("the token of ", name_, " lacks the scope repo:read"));
  }
  // It may have been deleted a moment ago.
  if (code == FailureCode::kNotFound) return absl::OkStatus();
  return AsConnectionFailure(tags.status());
}

absl::Status Organization::Verify(base::Clock& clock) {
  const auto user = ProveToken(clock);
  if (!user.ok()) return user.status();
  const auto owner = IsOwner();
  if (!owner.ok()) return AsConnectionFailure(owner.status());
  if (!*owner) {
    return MissingAdminRole(base::StrCat(
        "the token of ", name_, user->empty() ? "" : ", which is of user ",
        base::Printable(*user),
        ", is not one of an owner of the organization with the scopes "
        "org:admin and repo:read"));
  }
  return CheckReading();
}

}  // namespace landwaiter::agent::registry::quay
