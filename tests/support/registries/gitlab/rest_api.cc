#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "tests/support/registries/gitlab/registry_call.h"
#include "tests/support/registries/gitlab/simulator.h"

// GitLab's REST API, as far as container registries go.
namespace landwaiter::test::gitlab {
namespace {

using agent::registry::QueryValue;
using nlohmann::json;

constexpr int kReporter = 20;

Answer Message(int status, const std::string& message) {
  return JsonAnswer(status, {{"message", message}});
}

int64_t NumberIn(const SeenRequest& request, std::string_view name,
                 int64_t otherwise) {
  return base::ParseInt64(QueryValue(request.target, name).value_or(""))
      .value_or(otherwise);
}

// One page by offset, with GitLab's headers.
Answer PageOfRows(const std::vector<json>& rows, const SeenRequest& request,
                  size_t largest_page, int64_t rows_without_totals,
                  const std::string& origin) {
  const size_t size =
      std::clamp<size_t>(NumberIn(request, "per_page", 20), 1, largest_page);
  const size_t page = std::max<int64_t>(NumberIn(request, "page", 1), 1);
  const size_t from = std::min(rows.size(), (page - 1) * size);
  const size_t to = std::min(rows.size(), from + size);
  json body = json::array();
  for (size_t i = from; i < to; ++i) body.push_back(rows[i]);
  Answer answer = JsonAnswer(200, body);
  const bool more = to < rows.size();
  const std::string path = request.target.substr(0, request.target.find('?'));
  const auto link = [&](size_t to_page, const char* relation) {
    return base::StrCat("<", origin, path, "?page=", to_page,
                        "&per_page=", size, ">; rel=\"", relation, "\"");
  };
  std::string links = link(1, "first");
  if (more) links = base::StrCat(link(page + 1, "next"), ", ", links);
  answer.headers = {{"x-page", base::StrCat(page)},
                    {"x-per-page", base::StrCat(size)},
                    {"x-next-page", more ? base::StrCat(page + 1) : ""}};
  if (static_cast<int64_t>(rows.size()) <= rows_without_totals) {
    const size_t pages = (rows.size() + size - 1) / size;
    answer.headers.emplace_back("x-total", base::StrCat(rows.size()));
    answer.headers.emplace_back("x-total-pages", base::StrCat(pages));
    links = base::StrCat(links, ", ", link(pages, "last"));
  }
  answer.headers.emplace_back("Link", links);
  return answer;
}

// One page of tags behind `last`; it tells of the next one in Link alone.
Answer KeysetPage(const Repository& repository, const SeenRequest& request) {
  std::vector<std::string> names;
  for (const auto& [name, tag] : repository.tags) names.push_back(name);
  const int64_t size = NumberIn(request, "per_page", 20);
  const NamePage page =
      PageOf(names, QueryValue(request.target, "last").value_or(""), size);
  json body = json::array();
  for (const std::string& name : page.names) body.push_back({{"name", name}});
  Answer answer = JsonAnswer(200, body);
  if (page.more) {
    const std::string path = request.target.substr(0, request.target.find('?'));
    answer.headers.emplace_back(
        "Link", base::StrCat("<http://gitlab.invalid", path,
                             "?pagination=keyset&per_page=", size,
                             "&last=", page.names.back(), ">; rel=\"next\""));
  }
  return answer;
}

json RepositoryRow(const std::string& path, const Repository& repository,
                   int64_t project, const std::string& host) {
  const bool root = path == repository.project;
  json row = {{"id", repository.id},
              {"name", root ? "" : path.substr(repository.project.size() + 1)},
              {"path", path},
              {"project_id", project},
              {"location", base::StrCat(host, "/", path)},
              {"created_at", repository.created_at},
              {"cleanup_policy_started_at", nullptr}};
  if (!repository.status.empty()) row["status"] = repository.status;
  return row;
}

}  // namespace

Answer Simulator::ServeRest(const SeenRequest& request,
                            const std::string& path) {
  std::string given = request.Header("PRIVATE-TOKEN");
  const std::string header = request.Header("Authorization");
  if (given.empty() && header.starts_with("Bearer ")) given = header.substr(7);
  const AccessToken* token = given.empty() ? nullptr : TokenOf(given);
  if (token == nullptr) {
    const auto known = content.tokens.find(given);
    if (known == content.tokens.end()) return Message(401, "401 Unauthorized");
    return JsonAnswer(
        401, {{"error", "invalid_token"},
              {"error_description",
               "Token was revoked. You have to re-authorize from the user."}});
  }
  std::vector<std::string> parts;
  for (const std::string_view part : base::Split(path, '/')) {
    parts.push_back(http::Unescape(part));
  }
  return ServeFor(*token, request, parts);
}

Answer Simulator::ServeFor(const AccessToken& token, const SeenRequest& request,
                           const std::vector<std::string>& parts) {
  if (parts[0] == "personal_access_tokens" && self_endpoint) {
    return JsonAnswer(
        200, {{"id", 42},
              {"name", "scan"},
              {"revoked", false},
              {"scopes", token.scopes},
              {"user_id", 7},
              {"active", true},
              {"expires_at",
               token.expires_at.empty() ? json() : json(token.expires_at)}});
  }
  if (std::none_of(token.scopes.begin(), token.scopes.end(), [](auto& scope) {
        return scope == "api" || scope == "read_api";
      })) {
    return JsonAnswer(
        403, {{"error", "insufficient_scope"},
              {"error_description",
               "The request requires higher privileges than provided by the "
               "access token."},
              {"scope", "api read_api"}});
  }
  if (parts[0] == "metadata") {
    return JsonAnswer(200, {{"version", "17.5.1-ee"},
                            {"revision", "1d1a8d1"},
                            {"enterprise", true}});
  }
  if (parts[0] == "user") {
    json user = {{"id", 7}, {"username", token.username}, {"state", "active"}};
    if (token.admin) user["is_admin"] = true;  // nobody else is told
    return JsonAnswer(200, user);
  }
  if (parts[0] == "groups") return ServeGroups(token, request, parts);
  if (parts[0] == "projects") return ServeProjects(token, request, parts);
  return JsonAnswer(404, {{"error", "404 Not Found"}});
}

Answer Simulator::ServeGroups(const AccessToken& token,
                              const SeenRequest& request,
                              const std::vector<std::string>& parts) {
  std::vector<json> rows;
  if (parts.size() == 1) {
    const bool top =
        QueryValue(request.target, "top_level_only").value_or("") == "true";
    for (const Group& group : content.groups) {
      if (!MayRead(token, group.full_path)) continue;
      if (top && base::Contains(group.full_path, "/")) continue;
      rows.push_back({{"id", group.id}, {"full_path", group.full_path}});
    }
    return PageOfRows(rows, request, largest_page, rows_without_totals,
                      gitlab_url().Origin());
  }
  const auto group = std::find_if(
      content.groups.begin(), content.groups.end(), [&](const Group& one) {
        return base::EqualsIgnoreCase(one.full_path, parts[1]) ||
               base::StrCat(one.id) == parts[1];
      });
  // What may not be seen is not there.
  if (group == content.groups.end() || !MayRead(token, group->full_path)) {
    return Message(404, "404 Group Not Found");
  }
  if (parts.size() == 2) {
    return JsonAnswer(200,
                      {{"id", group->id}, {"full_path", group->full_path}});
  }
  if (parts.size() != 4 || parts[2] != "registry") {
    return JsonAnswer(404, {{"error", "404 Not Found"}});
  }
  if (token.access_level < kReporter) return Message(403, "403 Forbidden");
  for (const auto& [path, repository] : content.repositories) {
    if (!IsBelow(path, base::ToLower(group->full_path))) continue;
    rows.push_back(RepositoryRow(path, repository,
                                 content.projects.at(repository.project),
                                 registry_location));
  }
  return PageOfRows(rows, request, largest_page, rows_without_totals,
                    gitlab_url().Origin());
}

Answer Simulator::ServeProjects(const AccessToken& token,
                                const SeenRequest& request,
                                const std::vector<std::string>& parts) {
  if (parts.size() < 4) return Message(404, "404 Not Found");
  if (const auto moved = content.moved_projects.find(parts[1]);
      moved != content.moved_projects.end()) {
    const size_t question = request.target.find('/', 17);
    return {
        301,
        {{"Location", base::StrCat(gitlab_url().Origin(), "/api/v4/projects/",
                                   content.projects.at(moved->second),
                                   request.target.substr(question))}},
        "This resource has been moved permanently",
        "text/plain"};
  }
  for (const auto& [path, id] : content.projects) {
    if (path != parts[1] && base::StrCat(id) != parts[1]) continue;
    if (!MayRead(token, path)) break;
    std::vector<json> rows;
    for (const auto& [name, repository] : content.repositories) {
      if (repository.project != path) continue;
      if (parts.size() > 5 && base::StrCat(repository.id) == parts[4]) {
        return ServeTags(repository, request, parts);
      }
      rows.push_back(RepositoryRow(name, repository, id, registry_location));
    }
    return parts.size() > 4
               ? Message(404, "404 Not Found")
               : PageOfRows(rows, request, largest_page, rows_without_totals,
                            gitlab_url().Origin());
  }
  return Message(404, "404 Project Not Found");
}

Answer Simulator::ServeTags(const Repository& repository,
                            const SeenRequest& request,
                            const std::vector<std::string>& parts) {
  if (parts.size() == 6) {
    if (QueryValue(request.target, "pagination").value_or("") == "keyset") {
      return metadata_database ? KeysetPage(repository, request)
                               : Message(405, "405 Method Not Allowed");
    }
    std::vector<json> rows;
    for (const auto& [name, tag] : repository.tags)
      rows.push_back({{"name", name}});
    return PageOfRows(rows, request, largest_page, rows_without_totals,
                      gitlab_url().Origin());
  }
  const auto tag = repository.tags.find(parts[6]);
  if (tag == repository.tags.end() || tag->second.broken) {
    return Message(404, "404 Tag Not Found");
  }
  const Manifest& manifest = repository.manifests.at(tag->second.digest);
  return JsonAnswer(200, {{"name", tag->first},
                          {"revision", manifest.config_digest},
                          {"digest", tag->second.digest},
                          {"created_at", tag->second.created_at},
                          {"total_size", manifest.size_bytes}});
}

}  // namespace landwaiter::test::gitlab
