#include "tests/support/registries/harbor/recorded_server.h"

#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"

namespace landwaiter::test::harbor {
namespace {

// The people and things of the recorded servers that a reader meets.
RegistryContent RecordedContent() {
  RegistryContent content;
  for (const char* repository :
       {"12345/app", "library/base", "library/bookworm", "library/pause",
        "secret-proj/app", "secret-proj/x/y/z", "team-a/files", "team-a/win"}) {
    content.PushImage(repository, "v1", {.label = repository});
  }
  const auto app = content.PushImage("team-a/app", "v1");
  content.Tag("team-a/app", "v2", app);
  content.Tag("team-a/app", "latest", app);
  content.PushImage("team-a/docker-v2s2", "1", {.label = "v2s2"});
  content.PushImage("team-a/zstd", "2", {.label = "zstd"});
  content.PushImage("team-a/nested/deep/app", "v1", {.label = "nested"});
  content.PushHelmChart("team-a/charts/demo", "0.1.0");
  content.PushSchema1("team-a/schema1", "1");
  const auto amd64 = content.PushImage("team-a/multi", "");
  const auto arm64 =
      content.PushImage("team-a/multi", "", {.architecture = "arm64"});
  content.PushIndex(
      "team-a/multi", "v1",
      {{.digest = amd64}, {.digest = arm64, .architecture = "arm64"}});
  const auto built = content.PushImage("team-a/buildkit", "");
  const auto provenance = content.PushUnknown("team-a/buildkit", "");
  content.PushIndex(
      "team-a/buildkit", "latest",
      {{.digest = built}, {.digest = provenance, .attestation = true}});
  const auto inner = content.PushIndex("team-a/oddindex", "", {});
  content.PushIndex("team-a/oddindex", "nested", {{.digest = inner}});
  const auto signed_image = content.PushImage("team-a/signed", "v1");
  content.PushSignature("team-a/signed", signed_image);
  content.PushSbom("team-a/signed", signed_image);
  const auto orphan = content.PushImage("team-a/orphan", "");
  content.PushSignature("team-a/orphan", orphan);
  for (int i = 0; i < 126; ++i) {
    content.PushImage("library/many", base::StrCat("t", 100 + i),
                      {.label = base::StrCat(i)});
  }
  return content;
}

void Populate(Simulator& harbor) {
  harbor.private_projects = {"secret-proj"};
  for (int i = 1; i <= 12; ++i) {
    const std::string name = base::StrCat("page-", i < 10 ? "0" : "", i);
    harbor.empty_projects.insert(name);
    if (i % 2 == 1) harbor.private_projects.insert(name);
  }
  const auto add = [&](const std::string& name, Account account) {
    account.password = name + "-secret";
    harbor.accounts[name] = std::move(account);
  };
  const std::set<std::string> all(harbor.private_projects);
  add("dev1", {});
  add("guest1", {});
  add("robot$ci-all", {.robot = true, .projects = all});
  add("robot$sys-only", {.robot = true, .catalog = true, .projects = all});
  add("robot$team-a+puller", {.robot = true});
  add("robot$secret-proj+pullonly",
      {.robot = true, .pull_only = {"secret-proj"}});
  add("robot$puller", {.robot = true});
}

}  // namespace

RecordedServer::RecordedServer(Simulator::Version version)
    : simulator(version, clock, RecordedContent()) {
  if (version == Simulator::Version::kV1) {
    simulator.content.PushSchema1("team-a/schema1", "1");
  }
  Populate(simulator);
}

std::optional<std::string> SentAuthorization(const std::string& recorded) {
  if (recorded.empty()) return "";
  const size_t open = recorded.find("of \"");
  if (!recorded.starts_with("Basic ") || open == recorded.npos) {
    return std::nullopt;
  }
  const size_t close = recorded.find('"', open + 4);
  const std::string user =
      recorded.substr(open + 4, close - open - 4)
          .substr(0, recorded.substr(open + 4, close - open - 4).find(':'));
  const bool right = base::Contains(recorded, "RIGHT");
  return base::StrCat("Basic ",
                      absl::Base64Escape(base::StrCat(
                          user, ":", right ? user + "-secret" : "wrong")));
}

SeenRequest RequestWith(const SeenRequest& recorded,
                        const std::string& authorization) {
  SeenRequest request = recorded;
  std::erase_if(request.headers, [](const auto& header) {
    return header.first == "Authorization";
  });
  if (!authorization.empty()) {
    request.headers.emplace_back("Authorization", authorization);
  }
  return request;
}

}  // namespace landwaiter::test::harbor
