// Harbor 1.x: /api.
#include "core/base/strings.h"
#include "core/http/url.h"
#include "tests/support/registries/harbor/answers.h"
#include "tests/support/registries/harbor/simulator.h"

namespace landwaiter::test::harbor {
namespace {

using Json = nlohmann::json;

constexpr int64_t kLargestPage = 500;  // more is this, without a word

}  // namespace

Answer Simulator::ServeV1(const SeenRequest& request, const Caller& caller,
                          const std::string& path) {
  if (path == "/ping") {
    return {.status = 200, .headers = {}, .body = "\"Pong\""};
  }
  if (path == "/health") return Health();
  if (path == "/systeminfo") return SystemInfo(request, caller);
  if (path == "/users/current") return UsersCurrent(caller);
  if (database_down) return ErrorV1(500, "Internal Error");
  if (path == "/projects") {
    return PageOf(request, Projects(caller), kLargestPage, false);
  }
  if (path == "/repositories") {
    const std::string id = ParameterOf(request, "project_id");
    if (id.empty()) return ErrorV1(400, "invalid project_id");
    for (const Json& project : Projects(caller)) {
      if (base::StrCat(project["project_id"].get<int64_t>()) == id) {
        return PageOf(request, Repositories(caller, project["name"]),
                      kLargestPage, false);
      }
    }
    if (caller.account == nullptr) return ErrorV1(401, "UnAuthorize");
    return caller.account->admin ? ErrorV1(404, "project not found")
                                 : ErrorV1(403, "Forbidden");
  }
  if (path.starts_with("/repositories/") && path.ends_with("/tags")) {
    const std::string name = path.substr(14, path.size() - 19);
    // nginx undoes one escaping, core none.
    return ServeTagsV1(caller, behind_nginx ? http::Unescape(name) : name);
  }
  return HtmlNotFound();
}

Answer Simulator::ServeTagsV1(const Caller& caller,
                              const std::string& repository) {
  if (!MaySee(caller, repository.substr(0, repository.find('/')))) {
    return caller.account == nullptr ? ErrorV1(401, "UnAuthorize")
                                     : ErrorV1(403, "forbidden");
  }
  if (base::Contains(repository, "%") ||
      content.RepositoriesOf(repository.substr(0, repository.find('/')))
          .empty()) {
    return ErrorV1(404, "not found");
  }
  Json tags = Json::array();
  const auto found = content.repositories.find(repository);
  if (found == content.repositories.end()) return JsonAnswer(200, tags);
  for (const auto& [name, tag] : found->second.tags) {
    const auto manifest = found->second.manifests.find(tag.digest);
    // What it cannot read has no digest.
    const bool readable = manifest != found->second.manifests.end();
    tags.push_back({{"name", name},
                    {"digest", readable ? tag.digest.text() : std::string()},
                    {"size", readable ? manifest->second.size : 0},
                    {"architecture", "amd64"},
                    {"os", "linux"},
                    {"push_time", TimeText(tag.pushed)},
                    {"pull_time", "0001-01-01T00:00:00Z"},
                    {"immutable", false},
                    {"labels", Json::array()}});
  }
  return JsonAnswer(200, tags);
}

}  // namespace landwaiter::test::harbor
