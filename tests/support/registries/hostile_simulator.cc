#include "tests/support/registries/hostile_simulator.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/strings.h"
#include "tests/support/registries/distribution.h"

namespace landwaiter::test {
namespace {

Answer CutInHalf(Answer answer) {
  answer.cut_after = static_cast<int64_t>(answer.body.size() / 2);
  return answer;
}

Answer Busy(const std::string& seconds) {
  Answer answer = DistributionError(429, "TOOMANYREQUESTS", "slow down");
  answer.headers.emplace_back("Retry-After", seconds);
  return answer;
}

Answer WebPage() {
  return {200, {}, "<html><body>Welcome!</body></html>", "text/html"};
}

Answer Paused(Answer answer, absl::Duration pause) {
  answer.pause = pause;
  return answer;
}

Answer LoginWanted() {
  Answer answer = DistributionError(401, "UNAUTHORIZED", "log in");
  answer.headers.emplace_back("WWW-Authenticate", "Basic realm=\"registry\"");
  return answer;
}

}  // namespace

HostileSimulator::HostileSimulator(const std::string& salt,
                                   const Listen& listen)
    : server([this](const SeenRequest& request) { return Serve(request); },
             listen) {
  Add("sound-1", salt, nullptr);
  Add("sound-2", salt, nullptr);
  Add("slow", salt,
      [](Answer answer, int) { return Paused(answer, absl::Seconds(3)); });
  Add("cut-once", salt, [](Answer answer, int times) {
    return times == 1 ? CutInHalf(answer) : answer;
  });
  Add("busy-once", salt,
      [](Answer answer, int times) { return times == 1 ? Busy("2") : answer; });
  Add("cut", salt, [](Answer answer, int) { return CutInHalf(answer); });
  Add("busy", salt, [](Answer, int) { return Busy("1"); });
  Add("expired", salt, [](Answer, int) { return LoginWanted(); });
  Add("error", salt, [](Answer, int) {
    return DistributionError(500, "UNKNOWN", "the disk is on fire");
  });
  Add("web-page", salt, [](Answer, int) { return WebPage(); });
  Add("other-bytes", salt, [](Answer answer, int) {
    answer.body.assign(answer.body.size(), 'x');
    return answer;
  });
  Add("wrong-type", salt, nullptr, [](Answer answer, int) {
    answer.content_type = kOciIndex;
    return answer;
  });
  Add("web-manifest", salt, nullptr, [](Answer, int) { return WebPage(); });
  Add("paused", salt,
      [](Answer answer, int) { return Paused(answer, absl::Seconds(15)); });
}

void HostileSimulator::Add(const std::string& name, const std::string& salt,
                           Fault of_layer, Fault of_manifest) {
  const std::string repository = "hostile/" + name;
  // Another version each, so that no two share a layer.
  const model::Digest digest = content_.PushImage(
      repository, "latest",
      {.packages = {{"zlib1g", base::StrCat("1.", name, ".", salt)}}});
  const auto manifest = nlohmann::json::parse(
      content_.repositories[repository].manifests.at(digest).bytes);
  if (of_layer) {
    faults_[base::StrCat(repository, "/blobs/",
                         manifest["layers"][0]["digest"].get<std::string>())]
        .fault = std::move(of_layer);
  }
  if (of_manifest) {
    for (const std::string& reference :
         {std::string("latest"), digest.text()}) {
      faults_[base::StrCat(repository, "/manifests/", reference)].fault =
          of_manifest;
    }
  }
}

Answer HostileSimulator::Serve(const SeenRequest& request) {
  if (!request.target.starts_with("/v2/")) return {404, {}, ""};
  const auto faulty = faults_.find(request.target.substr(4));
  if (faulty == faults_.end()) return Distribution(content_).Serve(request);
  // Whole, whatever part was asked for: only what has no fault knows Range.
  SeenRequest whole = request;
  const int times = ++faulty->second.times;
  if (!faulty->first.starts_with("hostile/cut-once/")) {
    std::erase_if(whole.headers,
                  [](const auto& header) { return header.first == "Range"; });
  }
  return faulty->second.fault(Distribution(content_).Serve(whole), times);
}

}  // namespace landwaiter::test
