// The simulator answers as real Harbor servers did: recorded exchanges with
// 2.15.2 and 1.10.19, replayed against a content made like theirs.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "core/base/clock.h"
#include "core/base/strings.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/files.h"
#include "tests/support/registries/harbor/recorded_server.h"
#include "tests/support/registries/recorded_exchange.h"

namespace landwaiter::test::harbor {
namespace {

using Json = nlohmann::json;

// What of a JSON answer a client goes by: its form and its error codes.
std::string FormOf(const Json& json) {
  if (json.is_array()) {
    return json.empty() ? "[]" : base::StrCat("[", FormOf(json[0]), "]");
  }
  if (!json.is_object()) return "value";
  if (json.contains("errors") && json["errors"].is_array() &&
      !json["errors"].empty()) {
    return base::StrCat("error ", json["errors"][0].value("code", ""));
  }
  return "{}";
}

// Members that the client reads, where the recorded answer has them.
const std::vector<const char*>& Members() {
  static const auto& members =
      *new std::vector<const char*>{"version",
                                    "harbor_version",
                                    "auth_mode",
                                    "sysadmin_flag",
                                    "has_admin_role",
                                    "username",
                                    "name",
                                    "artifact_count",
                                    "update_time",
                                    "type",
                                    "manifest_media_type",
                                    "digest",
                                    "push_time",
                                    "tags",
                                    "size",
                                    "project_id",
                                    "components",
                                    "token",
                                    "references",
                                    "repositories"};
  return members;
}

const Json& FirstObject(const Json& json) {
  static const Json kNone = Json::object();
  if (json.is_array()) return json.empty() ? kNone : FirstObject(json[0]);
  return json.is_object() ? json : kNone;
}

std::string LinkForm(const SeenRequest&, const http::Headers& headers) {
  const std::string* link = http::FindHeader(headers, "Link");
  if (link == nullptr) return "none";
  std::string form;
  for (const char* rel : {"prev", "next"}) {
    if (base::Contains(*link, base::StrCat("rel=\"", rel, "\""))) {
      base::StrAppend(&form, rel, " ");
    }
  }
  return base::StrCat(form, base::Contains(*link, " , ") ? "joined" : "",
                      link->starts_with("</") ? " relative" : " absolute");
}

// What is not replayed, by number, and why.
std::optional<std::string> WhyNot(int number,
                                  const RecordedExchange& exchange) {
  const std::string& target = exchange.request.target;
  const auto in = [&](int first, int last) {
    return number >= first && number <= last;
  };
  if (exchange.request.method != "GET") return "the agent only reads";
  if (exchange.answer.status == 0) return "no answer was recorded";
  if (in(600, 607)) return "a webhook";
  if (in(300, 418) || in(870, 907) || in(481, 485) || in(514, 514) ||
      in(525, 535) || in(546, 546) || in(550, 550) || in(565, 565) ||
      in(572, 572)) {
    return "the /v2/ side and its tokens: see pull_replay_test.cc";
  }
  if (in(520, 549) || in(551, 564) || in(570, 571) || in(510, 513)) {
    return "a state that an administrator brought about";
  }
  if (in(17, 18) || in(31, 37) || in(40, 43) || in(137, 138) || in(280, 289) ||
      in(276, 279) || in(245, 246) || in(493, 498) || in(452, 459) ||
      in(462, 475) || in(240, 240) || in(260, 263)) {
    return "a call that the agent does not make";
  }
  if (base::Contains(target, "q=") || base::Contains(target, "name=") ||
      base::Contains(target, "public=") || base::Contains(target, ";") ||
      base::Contains(target, "latest_in_repository") ||
      base::Contains(target, "with_label") ||
      base::Contains(target, "/artifacts/")) {
    return "a parameter or call that the agent does not use";
  }
  if (base::Contains(target, "/projects/") &&
      !base::Contains(target, "/repositories")) {
    return "one project, or the artifacts of one: the agent does not ask";
  }
  for (const std::string& comment : exchange.comments) {
    if (base::Contains(comment, "core direct") ||
        base::Contains(comment, "core DIRECTLY")) {
      return "core without its nginx";
    }
  }
  if (number == 436 || number == 438 || number == 440 || number == 448 ||
      number == 862 || number == 863 || number == 865 || number == 909) {
    return "a path that the agent does not ask for";
  }
  if (in(730, 732) || number == 708) return "nothing of Harbor's API answered";
  if (number == 755) return "a user of OIDC without a CLI secret";
  if (number == 814) return "a robot of another name";
  return std::nullopt;
}

TEST(HarborReplayTest, TheSimulatorAnswersAsTheRecordedServersDid) {
  const auto corpus = landwaiter::testing::Corpus();
  if (!corpus) GTEST_SKIP() << "LANDWAITER_CORPUS names no corpus";
  RecordedServer v1(Simulator::Version::kV1), v2(Simulator::Version::kV2);
  int replayed = 0;
  std::map<std::string, int> skipped;
  for (const RecordedExchange& exchange : ReadExchanges(*corpus + "/harbor")) {
    const int number = static_cast<int>(
        base::ParseInt64(exchange.name.substr(0, 3)).value_or(0));
    const auto why = WhyNot(number, exchange);
    const auto authorization =
        SentAuthorization(exchange.request.Header("Authorization"));
    if ((why && !why->empty()) || !authorization) {
      ++skipped[why ? *why : "credentials that cannot be made again"];
      continue;
    }
    RecordedServer& server = number >= 800 ? v1 : v2;
    server.clock.Advance(absl::Minutes(1));  // no login lock is left
    server.simulator.database_down = number >= 700 && number <= 714;
    server.simulator.health_lags = number < 711;
    server.simulator.oidc = number >= 750 && number <= 757;
    const SeenRequest request = RequestWith(exchange.request, *authorization);
    const Answer answer = server.simulator.Serve(request);
    SCOPED_TRACE(base::StrCat(exchange.name, " ", request.target));
    EXPECT_EQ(answer.status, exchange.answer.status);
    const Json want = Json::parse(exchange.answer.body, nullptr, false);
    const Json got = Json::parse(answer.body, nullptr, false);
    EXPECT_EQ(got.is_discarded(), want.is_discarded());
    if (!want.is_discarded() && !got.is_discarded()) {
      EXPECT_EQ(FormOf(got), FormOf(want));
      for (const char* member : Members()) {
        if (FirstObject(want).contains(member)) {
          EXPECT_TRUE(FirstObject(got).contains(member)) << member;
        }
      }
    }
    EXPECT_EQ(LinkForm(request, answer.headers),
              LinkForm(request, exchange.answer.headers));
    EXPECT_EQ(
        http::FindHeader(answer.headers, "X-Total-Count") != nullptr,
        http::FindHeader(exchange.answer.headers, "X-Total-Count") != nullptr);
    ++replayed;
  }
  for (const auto& [why, count] : skipped) {
    std::cout << count << " not replayed: " << why << "\n";
  }
  std::cout << replayed << " replayed\n";
  EXPECT_GT(replayed, 100);
}

}  // namespace
}  // namespace landwaiter::test::harbor
