#include "agent/registry/gitlab/tags.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/time/time.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/paging.h"
#include "agent/registry/transport/api_client.h"
#include "agent/registry/transport/link.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::gitlab {
namespace {

using base::Failure;
using base::FailureCode;

constexpr int kTagsPerPage = 1000;   // the most that /gitlab/v1/ gives
constexpr int kDetailsPerPage = 50;  // each is a request
constexpr std::string_view kV1 = "v1:", kV2 = "v2:", kRest = "rest:";
constexpr std::string_view kKeyset = "pagination=keyset&sort=asc";

absl::Status NoList(std::string_view repository) {
  return Failure(
      FailureCode::kNetworkError,
      base::StrCat("the answer is no list of the tags of ", repository),
      "Protocol");
}

// The registry's word on when a tag came to point where it does.
std::optional<absl::Time> PushedIn(const nlohmann::json& tag) {
  for (const char* key : {"published_at", "updated_at", "created_at"}) {
    if (const auto time = hosted::TimeIn(TextAt(tag, key))) return time;
  }
  return std::nullopt;
}

// Several tags may point to a manifest, which came with the first of them.
void Add(const nlohmann::json& tag, ArtifactPage& page) {
  ListedTag listed{.name = TextAt(tag, "name")};
  auto digest = model::Digest::Parse(TextAt(tag, "digest"));
  if (!model::IsValidTag(listed.name)) return;
  if (digest.ok()) {
    listed.digest = *digest;
    model::ManifestEntry entry{.digest = *digest, .pushed = PushedIn(tag)};
    const int64_t size =
        std::max(NumberAt(tag, "size_bytes"), NumberAt(tag, "total_size"));
    entry.size = static_cast<uint64_t>(std::max<int64_t>(0, size));
    const auto known = std::find_if(
        page.manifests.begin(), page.manifests.end(),
        [&](const auto& other) { return other.digest == entry.digest; });
    if (known == page.manifests.end()) {
      page.manifests.push_back(std::move(entry));
    } else if (entry.pushed && entry.pushed < known->pushed) {
      known->pushed = entry.pushed;
    }
  }
  page.tags.push_back(std::move(listed));
}

// Whether the registry knows its own API but not this repository.
bool IsUnknownName(const http::Response& response) {
  return base::Contains(response.body, "\"NAME_UNKNOWN\"");
}

void GoOn(std::string_view way, std::string next, ArtifactPage& page) {
  page.complete = next.empty();
  if (!page.complete) page.next_cursor = base::StrCat(way, next);
}

}  // namespace

absl::StatusOr<ArtifactPage> TagLister::List(std::string_view repository,
                                             std::string_view cursor) {
  LANDWAITER_ASSIGN_OR_RETURN(Account* const account,
                              session_.OwnerOf(repository));
  if (cursor.empty()) return Begin(*account, repository);
  for (const std::string_view way : {kV1, kV2}) {
    if (!cursor.starts_with(way)) continue;
    const std::string_view last = cursor.substr(way.size());
    // The second way's cursor is the OCI registry's own.
    if (way == kV1 ? !model::IsValidTag(last) : last.empty()) break;
    return way == kV1 ? ListV1(*account, repository, last)
                      : ListV2(*account, repository, last);
  }
  if (cursor.starts_with(kRest)) {
    const std::string_view at = cursor.substr(kRest.size());
    if (base::ParseUint64(at)) {
      return ListRest(*account, repository, base::StrCat("page=", at));
    }
    if (at.starts_with('@') && model::IsValidTag(at.substr(1))) {
      return ListRest(*account, repository,
                      base::StrCat(kKeyset, "&last=", at.substr(1)));
    }
  }
  return absl::InvalidArgumentError("the cursor is not of a GitLab's tags");
}

absl::StatusOr<ArtifactPage> TagLister::Begin(Account& account,
                                              std::string_view repository) {
  absl::StatusOr<ArtifactPage> page =
      no_v1_ ? absl::UnimplementedError("") : ListV1(account, repository, "");
  if (absl::IsUnimplemented(page.status())) {
    page = ListV2(account, repository, "");
  }
  // A token that may read the API, yet not pull.
  if (base::FailureCodeOf(page.status()) == FailureCode::kUnauthorized &&
      !account.rejected()) {
    page = ListRest(account, repository, std::string(kKeyset));
    if (absl::IsUnimplemented(page.status())) {
      page = ListRest(account, repository, "page=1");
    }
  }
  return page;
}

// UNIMPLEMENTED if the registry has no such API: no metadata database.
absl::StatusOr<ArtifactPage> TagLister::ListV1(Account& account,
                                               std::string_view repository,
                                               std::string_view last) {
  LANDWAITER_ASSIGN_OR_RETURN(Account::Pull* const pull,
                              session_.PullFor(account, repository));
  http::Request request;
  request.target = base::StrCat("/gitlab/v1/repositories/", repository,
                                "/tags/list/?n=", kTagsPerPage);
  if (!last.empty()) base::StrAppend(&request.target, "&last=", last);
  auto sent = pull->transport.Send(
      request, base::StrCat("repository:", repository, ":pull"),
      ApiClient::kMaxBody);
  if (!sent.ok()) return account.Judged(sent.status());
  if (sent->status == 404 && !IsUnknownName(*sent)) {
    no_v1_ = true;
    return absl::UnimplementedError("the registry has no /gitlab/v1/");
  }
  if (sent->status != 200) {
    return StatusFailure(sent->status, base::StrCat("repository ", repository));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              JsonOf(*sent, "a list of tags"));
  if (!json.is_array() || json.size() > kTagsPerPage) return NoList(repository);
  ArtifactPage page;
  for (const nlohmann::json& tag : json) Add(tag, page);
  LANDWAITER_ASSIGN_OR_RETURN(
      std::string next,
      oci::NextCursor(pull->connection.http.base, sent->headers));
  if (!next.empty() && (next == last || !model::IsValidTag(next))) {
    return NoList(repository);
  }
  GoOn(kV1, std::move(next), page);
  return page;
}

absl::StatusOr<ArtifactPage> TagLister::ListV2(Account& account,
                                               std::string_view repository,
                                               std::string_view last) {
  LANDWAITER_ASSIGN_OR_RETURN(Account::Pull* const pull,
                              session_.PullFor(account, repository));
  auto page = pull->oci->ListArtifacts(repository, last);
  if (!page.ok()) return account.Judged(page.status());
  GoOn(kV2, std::move(page->next_cursor), *page);
  return page;
}

// UNIMPLEMENTED if `paging` is by keyset, which GitLab answers with 405 where
// the registry has no metadata database.
absl::StatusOr<ArtifactPage> TagLister::ListRest(Account& account,
                                                 std::string_view repository,
                                                 const std::string& paging) {
  LANDWAITER_ASSIGN_OR_RETURN(const RepositoryRow row,
                              session_.RowOf(account, repository));
  const std::string tags = base::StrCat(
      "/projects/", row.project, "/registry/repositories/", row.id, "/tags");
  const std::string target =
      base::StrCat(tags, "?per_page=", kDetailsPerPage, "&", paging);
  LANDWAITER_ASSIGN_OR_RETURN(http::Response response, account.Get(target));
  if (response.status == 405) {
    return absl::UnimplementedError("no paging by keyset");
  }
  if (response.status != 200) {
    // 404 is what GitLab says of what may not be seen.
    return StatusFailure(response.status == 404 ? 403 : response.status,
                         base::StrCat("the tags of ", repository));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json,
                              JsonOf(response, "a list of tags"));
  if (!json.is_array() || json.size() > kDetailsPerPage) {
    return NoList(repository);
  }
  ArtifactPage page;
  for (const nlohmann::json& tag : json) {
    const std::string name = TextAt(tag, "name");
    if (!model::IsValidTag(name)) continue;
    LANDWAITER_RETURN_IF_ERROR(AddDetail(account, tags, name, page));
  }
  std::string next;
  if (paging.starts_with(kKeyset)) {
    const std::string link = NextLink(response.headers);
    next = QueryValue(link, "last").value_or("");
    if (!link.empty() && !model::IsValidTag(next)) return NoList(repository);
    if (!next.empty()) next = "@" + next;
  } else {
    const Place place{
        .page =
            base::ParseInt64(paging.substr(paging.find('=') + 1)).value_or(1)};
    LANDWAITER_ASSIGN_OR_RETURN(const Next behind,
                                Behind(place, response, kDetailsPerPage));
    if (!behind.complete) next = base::StrCat(behind.place.page);
  }
  GoOn(kRest, std::move(next), page);
  return page;
}

absl::Status TagLister::AddDetail(Account& account, const std::string& tags,
                                  const std::string& tag, ArtifactPage& page) {
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      account.Get(base::StrCat(tags, "/", http::EscapeComponent(tag))));
  if (response.status == 404) return absl::OkStatus();  // broken: not pullable
  if (response.status != 200) {
    return StatusFailure(response.status, base::StrCat("tag ", tag));
  }
  LANDWAITER_ASSIGN_OR_RETURN(nlohmann::json detail,
                              JsonOf(response, base::StrCat("tag ", tag)));
  if (!detail.is_object()) return NoList(tag);
  // Here created_at is the image's, by its builder's word.
  detail.erase("created_at");
  Add(detail, page);
  return absl::OkStatus();
}

}  // namespace landwaiter::agent::registry::gitlab
