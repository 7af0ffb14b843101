#include "tests/support/registries/harbor/generated.h"

#include "core/base/strings.h"
#include "core/http/url.h"
#include "core/model/digest.h"
#include "tests/support/registries/content.h"
#include "tests/support/registries/harbor/answers.h"

namespace landwaiter::test::harbor {
namespace {

using base::StrCat;
using Json = nlohmann::json;

constexpr int64_t kProjects = 20;
constexpr int64_t kGroups = 5;
constexpr int64_t kLargestPage = 100;

std::string Padded(int64_t number, size_t digits) {
  std::string text = StrCat(number);
  while (text.size() < digits) text.insert(text.begin(), '0');
  return text;
}

absl::Time PushedAt(int64_t artifact) {
  return absl::FromUnixSeconds(1'700'000'000) + absl::Hours(artifact);
}

}  // namespace

std::string GeneratedLists::NameOf(int64_t repository) {
  return StrCat("load-", Padded(repository % kProjects, 2), "/group-",
                repository % kGroups, "/app-", Padded(repository, 4));
}

int64_t GeneratedLists::artifacts() const {
  int64_t all = repositories_ * artifacts_each_;
  for (const auto& [repository, count] : pushed_) all += count;
  return all;
}

int64_t GeneratedLists::ArtifactsOf(int64_t repository) const {
  const auto pushed = pushed_.find(repository);
  return artifacts_each_ + (pushed == pushed_.end() ? 0 : pushed->second);
}

Json GeneratedLists::RepositoryAt(int64_t repository) const {
  const int64_t artifacts = ArtifactsOf(repository);
  return {{"id", repository + 1},
          {"name", NameOf(repository)},
          {"artifact_count", artifacts},
          {"pull_count", 0},
          {"creation_time", TimeText(PushedAt(0))},
          {"update_time", TimeText(PushedAt(artifacts))}};
}

Json GeneratedLists::ArtifactAt(int64_t repository, int64_t artifact) {
  const std::string name = StrCat(repository, ":", artifact);
  return {{"id", artifact + 1},
          {"digest", model::Digest::Of(name).text()},
          {"type", "IMAGE"},
          {"media_type", kOciConfig},
          {"manifest_media_type", kOciManifest},
          {"repository_name", NameOf(repository)},
          {"size", 50'000'000 + artifact},
          {"push_time", TimeText(PushedAt(artifact))},
          {"tags",
           {{{"name", StrCat("v", artifact)},
             {"push_time", TimeText(PushedAt(artifact))},
             {"immutable", false}}}},
          {"references", nullptr},
          {"extra_attrs", {{"os", "linux"}, {"architecture", "amd64"}}},
          {"labels", nullptr},
          {"accessories", nullptr}};
}

std::optional<Answer> GeneratedLists::Serve(const SeenRequest& request) const {
  const std::string path = PathOf(request);
  if (path == "/api/v2.0/repositories") {
    return PageOf(
        request, repositories_, [this](int64_t i) { return RepositoryAt(i); },
        kLargestPage, true);
  }
  if (!path.starts_with("/api/v2.0/projects/load-") ||
      !path.ends_with("/artifacts")) {
    return std::nullopt;
  }
  const std::string name =
      path.substr(0, path.size() - std::string("/artifacts").size());
  const auto repository =
      base::ParseInt64(name.substr(name.find_last_not_of("0123456789") + 1));
  if (!repository || *repository >= repositories_) return HtmlNotFound();
  return PageOf(
      request, ArtifactsOf(*repository),
      [&](int64_t i) { return ArtifactAt(*repository, i); }, kLargestPage,
      true);
}

}  // namespace landwaiter::test::harbor
