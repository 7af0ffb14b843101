// What recorded Harbor servers answered on /v2/ and for tokens, and what the
// simulator does.
#include <iostream>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "core/http/url.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/files.h"
#include "tests/support/registries/harbor/recorded_server.h"
#include "tests/support/registries/recorded_exchange.h"

namespace landwaiter::test::harbor {
namespace {

using Json = nlohmann::json;
using base::Contains;
using base::StrCat;

// A token for whom and for what a recorded one was, asked for at the
// simulator. One that was good for nothing is asked for with a wrong password.
std::string TokenLike(const std::string& jwt, Simulator& simulator) {
  const auto parts = base::Split(jwt, '.');
  std::string text;
  Json claims;
  if (parts.size() == 3 &&
      absl::WebSafeBase64Unescape(std::string(parts[1]), &text)) {
    claims = Json::parse(text, nullptr, false);
  }
  if (!claims.is_object()) return "no-such-token";
  std::string scope;
  if (claims.contains("access") && claims["access"].is_array() &&
      !claims["access"].empty()) {
    const Json& access = claims["access"][0];
    // An empty list of actions: one that gave no right.
    const bool pull = Contains(access["actions"].dump(), "pull");
    scope = StrCat("&scope=", access.value("type", ""), ":",
                   access.value("name", ""), ":", pull ? "pull" : "none");
  }
  SeenRequest request{
      "GET", "/service/token?service=harbor-registry" + scope, {}, ""};
  const std::string user = claims.value("sub", "");
  if (!user.empty()) {
    request.headers.emplace_back(
        "Authorization", StrCat("Basic ", absl::Base64Escape(StrCat(
                                              user, ":", user, "-secret"))));
  }
  const Answer answer = simulator.Serve(request);
  return Json::parse(answer.body, nullptr, false).value("token", "none");
}

std::optional<std::string> WhyNot(int number,
                                  const RecordedExchange& exchange) {
  if (exchange.request.method != "GET" && exchange.request.method != "HEAD") {
    return "the agent only reads";
  }
  for (const std::string& comment : exchange.comments) {
    if (Contains(comment, "core direct")) return "core without its nginx";
  }
  const std::string& target = exchange.request.target;
  if (Contains(target, "_catalog")) return "the agent does not ask for it";
  if (Contains(target, "/referrers/")) return "the agent does not ask for it";
  if (Contains(target, "proxy-x")) return "an upstream registry";
  if (Contains(target, "a7a271b7835772c0")) return "a digest of theirs";
  if (number == 572 || number == 732) return "a part of Harbor is down";
  if (number == 755) return "a user of OIDC without a CLI secret";
  if (number >= 378 && number <= 380) return "an Accept that the agent lacks";
  return std::nullopt;
}

bool IsOfPullSide(const RecordedExchange& exchange) {
  return exchange.request.target.starts_with("/v2/") ||
         exchange.request.target.starts_with("/service/token");
}

// The scheme and the parameters of a challenge, without the host's name.
std::string ChallengeOf(const http::Headers& headers) {
  const std::string* challenge = http::FindHeader(headers, "WWW-Authenticate");
  if (challenge == nullptr) return "none";
  const size_t realm = challenge->find("://");
  const size_t path =
      realm == challenge->npos ? realm : challenge->find('/', realm + 3);
  return path == challenge->npos
             ? *challenge
             : challenge->substr(0, realm) + challenge->substr(path);
}

// The first error's code; "none" for another body.
std::string ErrorOf(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("errors")) return "none";
  return json["errors"][0].value("code", "");
}

TEST(HarborPullReplayTest, TheSimulatorAnswersAsTheRecordedServersDid) {
  const auto corpus = landwaiter::testing::Corpus();
  if (!corpus) GTEST_SKIP() << "LANDWAITER_CORPUS names no corpus";
  RecordedServer v1(Simulator::Version::kV1), v2(Simulator::Version::kV2);
  int replayed = 0;
  std::map<std::string, int> skipped;
  for (const RecordedExchange& exchange : ReadExchanges(*corpus + "/harbor")) {
    if (!IsOfPullSide(exchange)) continue;
    const int number = static_cast<int>(
        base::ParseInt64(exchange.name.substr(0, 3)).value_or(0));
    if (const auto why = WhyNot(number, exchange)) {
      ++skipped[*why];
      continue;
    }
    RecordedServer& server = number >= 800 ? v1 : v2;
    server.clock.Advance(absl::Minutes(1));  // no login lock is left
    server.simulator.database_down = number >= 700 && number <= 714;
    server.simulator.accounts["robot$secret-proj+pullonly"].disabled =
        number == 514 || number == 565;
    const std::string recorded = exchange.request.Header("Authorization");
    const auto authorization =
        recorded.starts_with("Bearer ")
            ? StrCat("Bearer ", TokenLike(recorded.substr(7), server.simulator))
            : SentAuthorization(recorded);
    if (!authorization) {
      ++skipped["credentials that cannot be made again"];
      continue;
    }
    const Answer answer =
        server.simulator.Serve(RequestWith(exchange.request, *authorization));
    SCOPED_TRACE(StrCat(exchange.name, " ", exchange.request.target));
    EXPECT_EQ(answer.status, exchange.answer.status);
    EXPECT_EQ(ChallengeOf(answer.headers),
              ChallengeOf(exchange.answer.headers));
    if (exchange.request.method == "GET") {
      EXPECT_EQ(ErrorOf(answer.body), ErrorOf(exchange.answer.body));
    }
    if (exchange.answer.status == 200) {
      EXPECT_EQ(
          http::FindHeader(answer.headers, "Docker-Content-Digest") != nullptr,
          http::FindHeader(exchange.answer.headers, "Docker-Content-Digest") !=
              nullptr);
    }
    ++replayed;
  }
  for (const auto& [why, count] : skipped) {
    std::cout << count << " not replayed: " << why << "\n";
  }
  std::cout << replayed << " replayed\n";
  EXPECT_GT(replayed, 50);
}

}  // namespace
}  // namespace landwaiter::test::harbor
