#include "agent/registry/harbor/harbor_registry.h"

#include <atomic>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "agent/registry/harbor/artifacts.h"
#include "agent/registry/harbor/harbor_api.h"
#include "agent/registry/harbor/page_cursor.h"
#include "agent/registry/hosted/pull_side.h"
#include "agent/registry/oci/oci_registry.h"
#include "agent/registry/transport/connection_failure.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::registry::harbor {
namespace {

using base::Failure;
using base::FailureCode;
using base::StrCat;

std::string_view NameOf(Version version) {
  return version == Version::kV1 ? "V1" : "V2";
}

bool HasCode(const absl::Status& status, FailureCode code) {
  return !status.ok() && base::FailureCodeOf(status) == code;
}

class HarborRegistry : public hosted::FixedPullSide {
 public:
  HarborRegistry(const Connection& connection, base::Clock& clock,
                 std::unique_ptr<Registry> pull)
      : FixedPullSide(std::move(pull)),
        version_(connection.version),
        api_(connection, clock) {}

  absl::StatusOr<Verification> Verify() override;
  absl::StatusOr<RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<ArtifactPage> ListArtifacts(std::string_view repository,
                                             std::string_view cursor) override;

 private:
  absl::StatusOr<RepositoryPage> ListAll(Version version,
                                         const PageCursor& cursor);
  absl::StatusOr<RepositoryPage> ListByProject(Version version,
                                               std::string_view cursor);
  absl::StatusOr<RepositoryPage> ListOfProject(Version version,
                                               const std::string& project,
                                               int64_t project_id,
                                               const PageCursor& cursor);
  absl::Status CheckStillMe(Version version);
  absl::StatusOr<ArtifactPage> ListV2(const RepositoryPath& path,
                                      const PageCursor& cursor);
  absl::StatusOr<ListPage> GetArtifacts(const RepositoryPath& path,
                                        PageCursor& cursor);
  absl::StatusOr<ArtifactPage> ListV1(const std::string& repository);
  absl::Status CheckEmpty(Version version, const RepositoryPath& path);

  const std::string version_;  // as configured; may be empty
  HarborApi api_;
  // How often slashes in a repository's name must be escaped here: twice,
  // unless a proxy on the way undoes none.
  std::atomic<int> escapes_ = 2;
};

absl::StatusOr<Verification> HarborRegistry::Verify() {
  LANDWAITER_ASSIGN_OR_RETURN(const Version version, api_.DetectVersion());
  if (!version_.empty() && version_ != NameOf(version)) {
    return WrongVersion(StrCat("the registry is a Harbor ", NameOf(version),
                               ", the resource says ", version_));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const HarborApi::Login login,
                              api_.CheckLogin(version));
  Verification verification;
  verification.detected_version = std::string(NameOf(version));
  if (login.is_admin && !*login.is_admin) {
    return MissingAdminRole(
        "the account is not a system administrator of Harbor");
  }
  if (login.is_robot) {
    verification.note =
        "the account is a robot: what it may not see is not scanned";
  } else if (!login.is_admin) {
    verification.note =
        "Harbor takes its users from OIDC and does not tell whether this one "
        "is a system administrator: what it may not see is not scanned";
  }
  return verification;
}

// Who is not (any more) let in is shown what everybody may see, with status
// 200: believed, it would make all else look deleted.
absl::Status HarborRegistry::CheckStillMe(Version version) {
  return AsListingFailure(api_.CheckLogin(version).status());
}

absl::StatusOr<RepositoryPage> HarborRegistry::ListRepositories(
    std::string_view cursor) {
  auto version = api_.DetectVersion();
  if (!version.ok()) return version.status();
  if (cursor.empty()) LANDWAITER_RETURN_IF_ERROR(CheckStillMe(*version));
  absl::StatusOr<RepositoryPage> page;
  // V1 lists repositories of a project only.
  if (*version == Version::kV1 || cursor.starts_with("projects:")) {
    page = ListByProject(*version, cursor);
  } else {
    const auto at = PageCursor::Parse(cursor);
    if (!at) return absl::InvalidArgumentError("the cursor is not Harbor's");
    page = ListAll(*version, *at);
    // OIDC secrets and some robots may list by project only.
    if (cursor.empty() && HasCode(page.status(), FailureCode::kUnauthorized)) {
      page = ListByProject(*version, cursor);
    }
  }
  if (page.ok() && page->complete) {
    LANDWAITER_RETURN_IF_ERROR(CheckStillMe(*version));
  }
  return page;
}

void AddRepositories(Version version, const nlohmann::json& elements,
                     absl::Time now, RepositoryPage& page) {
  for (const nlohmann::json& element : elements) {
    RepositoryEntry entry = RepositoryOf(version, element, now);
    if (!entry.name.empty()) page.repositories.push_back(std::move(entry));
  }
}

absl::StatusOr<RepositoryPage> HarborRegistry::ListAll(
    Version version, const PageCursor& cursor) {
  constexpr std::string_view kWhat = "the list of repositories";
  LANDWAITER_ASSIGN_OR_RETURN(
      const ListPage list,
      api_.GetList(StrCat(HarborApi::Prefix(version),
                          "/repositories?sort=name&page=", cursor.page,
                          "&page_size=", cursor.size),
                   kWhat));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json elements,
                              ElementsOf(list, kWhat));
  RepositoryPage page;
  AddRepositories(version, elements, list.date, page);
  LANDWAITER_ASSIGN_OR_RETURN(
      const NextPage next,
      cursor.After(static_cast<int64_t>(elements.size()), list.total));
  page.complete = !next.cursor;
  if (next.cursor) page.next_cursor = next.cursor->ToText();
  return page;
}

// The cursor: "projects:<cursor of projects>:<index in its page>:<cursor of
// repositories>".
absl::StatusOr<RepositoryPage> HarborRegistry::ListByProject(
    Version version, std::string_view cursor) {
  constexpr std::string_view kWhat = "the list of projects";
  PageCursor projects, repositories;
  uint64_t index = 0;
  if (!cursor.empty()) {
    const auto parts = base::Split(cursor, ':');
    if (parts.size() != 4) {
      return absl::InvalidArgumentError("the cursor is not Harbor's");
    }
    const auto first = PageCursor::Parse(parts[1]);
    const auto second = PageCursor::Parse(parts[3]);
    const auto number = base::ParseUint64(parts[2]);
    if (!first || !second || !number) {
      return absl::InvalidArgumentError("the cursor is not Harbor's");
    }
    projects = *first;
    repositories = *second;
    index = *number;
  }
  LANDWAITER_ASSIGN_OR_RETURN(
      const ListPage list,
      api_.GetList(StrCat(HarborApi::Prefix(version),
                          "/projects?with_detail=false&sort=name&page=",
                          projects.page, "&page_size=", projects.size),
                   kWhat));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json elements,
                              ElementsOf(list, kWhat));
  RepositoryPage page;
  if (list.total && *list.total < projects.total) {
    // A project in front of this one went: `index` is of another one now.
    LANDWAITER_ASSIGN_OR_RETURN(
        const NextPage again,
        projects.After(static_cast<int64_t>(elements.size()), list.total));
    page.next_cursor = StrCat("projects:", again.cursor->ToText(), ":0:");
    return page;
  }
  projects.total = list.total.value_or(0);
  if (index < elements.size()) {
    const nlohmann::json& project = elements[index];
    LANDWAITER_ASSIGN_OR_RETURN(
        page, ListOfProject(version, TextAt(project, "name"),
                            NumberAt(project, "project_id"), repositories));
    if (!page.complete) {
      page.next_cursor = StrCat("projects:", projects.ToText(), ":", index, ":",
                                page.next_cursor);
      return page;
    }
    ++index;
  }
  page.complete = false;
  page.next_cursor = StrCat("projects:", projects.ToText(), ":", index, ":");
  if (index < elements.size()) return page;
  LANDWAITER_ASSIGN_OR_RETURN(
      const NextPage next,
      projects.After(static_cast<int64_t>(elements.size()), list.total));
  page.complete = !next.cursor;
  page.next_cursor =
      next.cursor ? StrCat("projects:", next.cursor->ToText(), ":0:") : "";
  return page;
}

absl::StatusOr<RepositoryPage> HarborRegistry::ListOfProject(
    Version version, const std::string& project, int64_t project_id,
    const PageCursor& cursor) {
  const std::string what =
      StrCat("the repositories of project ", base::Printable(project, 255));
  const std::string paging =
      StrCat("page=", cursor.page, "&page_size=", cursor.size);
  const std::string target =
      version == Version::kV1
          ? StrCat("/api/repositories?project_id=", project_id, "&", paging)
          : StrCat("/api/v2.0/projects/", http::EscapeComponent(project),
                   "/repositories?sort=name&", paging);
  RepositoryPage page;
  auto list = api_.GetList(target, what);
  // The project went while its list was read.
  if (HasCode(list.status(), FailureCode::kNotFound)) {
    page.complete = true;
    return page;
  }
  if (!list.ok()) return list.status();
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json elements,
                              ElementsOf(*list, what));
  AddRepositories(version, elements, list->date, page);
  LANDWAITER_ASSIGN_OR_RETURN(
      const NextPage next,
      cursor.After(static_cast<int64_t>(elements.size()), list->total));
  page.complete = !next.cursor;
  if (next.cursor) page.next_cursor = next.cursor->ToText();
  return page;
}

absl::StatusOr<ArtifactPage> HarborRegistry::ListArtifacts(
    std::string_view repository, std::string_view cursor) {
  const RepositoryPath path = SplitRepository(repository);
  const auto at = PageCursor::Parse(cursor);
  if (!model::IsValidRepository(repository) || path.project.empty() || !at) {
    return absl::InvalidArgumentError("the repository or cursor is invalid");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const Version version, api_.DetectVersion());
  absl::StatusOr<ArtifactPage> page = version == Version::kV1
                                          ? ListV1(std::string(repository))
                                          : ListV2(path, *at);
  if (page.ok() && page->complete && page->manifests.empty() &&
      page->tags.empty() && cursor.empty()) {
    LANDWAITER_RETURN_IF_ERROR(CheckEmpty(version, path));
  }
  return page;
}

// What is not there, or may not be seen, is also answered with an empty list.
absl::Status HarborRegistry::CheckEmpty(Version version,
                                        const RepositoryPath& path) {
  LANDWAITER_RETURN_IF_ERROR(CheckStillMe(version));
  if (version == Version::kV1) {
    return absl::OkStatus();  // it has no call for one repository
  }
  const std::string name = StrCat(path.project, "/", path.repository);
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response answer,
      api_.Get(StrCat("/api/v2.0/projects/",
                      http::EscapeComponent(path.project), "/repositories/",
                      EscapedRepository(path.repository, escapes_))));
  if (answer.status != 200) {
    return StatusFailure(answer.status, StrCat("repository ", name));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json json, JsonOf(answer, name));
  if (NumberAt(json, "artifact_count") > 0) {
    return Failure(FailureCode::kNetworkError,
                   StrCat("Harbor lists nothing in ", name,
                          " though it says that something is there"),
                   "Protocol");
  }
  return absl::OkStatus();
}

// A page of artifacts; a smaller one if a proxy on the way gives up on it, and
// with the slashes escaped in the way that is understood here.
absl::StatusOr<ListPage> HarborRegistry::GetArtifacts(
    const RepositoryPath& path, PageCursor& cursor) {
  const std::string what =
      StrCat("the artifacts of ", path.project, "/", path.repository);
  const bool nested = base::Contains(path.repository, "/");
  bool other_form = false;
  while (true) {
    const int escapes = escapes_;
    auto list = api_.GetList(
        StrCat("/api/v2.0/projects/", http::EscapeComponent(path.project),
               "/repositories/", EscapedRepository(path.repository, escapes),
               "/artifacts?with_tag=true&with_scan_overview=false&sort=id"
               "&page=",
               cursor.page, "&page_size=", cursor.size),
        what);
    if (HasCode(list.status(), FailureCode::kNotFound) && nested &&
        !other_form) {
      other_form = true;
      escapes_ = escapes == 2 ? 1 : 2;
      continue;
    }
    if (!list.ok() && base::FailureCauseOf(list.status()) == "Http504") {
      if (const auto half = cursor.Halved()) {
        cursor = *half;
        continue;
      }
    }
    return list;
  }
}

absl::StatusOr<ArtifactPage> HarborRegistry::ListV2(const RepositoryPath& path,
                                                    const PageCursor& cursor) {
  PageCursor at = cursor;
  LANDWAITER_ASSIGN_OR_RETURN(const ListPage list, GetArtifacts(path, at));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json elements,
                              ElementsOf(list, "the list of artifacts"));
  ArtifactPage page;
  for (const nlohmann::json& artifact : elements) AddArtifact(artifact, page);
  LANDWAITER_ASSIGN_OR_RETURN(
      const NextPage next,
      at.After(static_cast<int64_t>(elements.size()), list.total));
  page.complete = !next.cursor;
  if (next.cursor) page.next_cursor = next.cursor->ToText();
  return page;
}

// V1 gives all tags at once, slashes as they are.
absl::StatusOr<ArtifactPage> HarborRegistry::ListV1(
    const std::string& repository) {
  const std::string what = StrCat("the tags of ", repository);
  LANDWAITER_ASSIGN_OR_RETURN(
      const ListPage list,
      api_.GetList(
          StrCat("/api/repositories/", repository, "/tags?detail=true"), what));
  LANDWAITER_ASSIGN_OR_RETURN(const nlohmann::json elements,
                              ElementsOf(list, what));
  ArtifactPage page;
  std::set<model::Digest> known;
  for (const nlohmann::json& tag : elements) AddV1Tag(tag, known, page);
  page.complete = true;
  return page;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Registry>> NewHarborRegistry(
    Connection connection, base::Clock& clock) {
  LANDWAITER_ASSIGN_OR_RETURN(std::unique_ptr<Registry> pull,
                              oci::NewOciRegistry(connection, clock));
  return std::make_unique<HarborRegistry>(connection, clock, std::move(pull));
}

}  // namespace landwaiter::agent::registry::harbor
