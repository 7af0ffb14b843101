// The simulator against a real Quay: every recorded exchange is asked of a
// simulator with the same people and things, or stands in kLeftOut with the
// reason why not.
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "core/http/url.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/registries/quay/replay_setup.h"

namespace landwaiter::test::quay {
namespace {

using Json = nlohmann::json;

struct LeftOut {
  int from, to;  // numbers of files
  const char* reason;
};
constexpr LeftOut kLeftOut[] = {
    {1, 1, "an outage of a part that the client does not ask about"},
    {3, 3, "an outage of a part that the client does not ask about"},
    {8, 10, "the making of a Quay"},
    {55, 55, "makes a repository: the client only reads"},
    {69, 70, "changes tags: the client only reads"},
    {107, 107, "labels, which the client does not ask for"},
    {118, 136, "members, teams, robots and applications of organizations"},
    {147, 147, "the list of all users"},
    {266, 270, "referrers, which the client does not ask for"},
    {278, 284, "webhooks"},
    {290, 290, "deletes a repository: the client only reads"},
    {297, 297, "disables a user: the client only reads"},
    {304, 306, "authorizations, webhooks, and a change of a state"},
    {309, 310, "a push, and a change of a state"},
    {321, 321, "revokes a token: the client only reads"},
    {329, 331, "webhooks"},
    {332, 333, "bursts of requests without a single exchange"},
    {335, 335, "a burst of requests without a single exchange"},
};

// What an answer must tell where the real one did.
const std::set<std::string> kMeaningful = {
    "repositories", "namespace",     "name",
    "is_public",    "kind",          "state",
    "description",  "last_modified", "tags",
    "start_ts",     "end_ts",        "expiration",
    "size",         "page",          "has_additional",
    "next_page",    "organizations", "manifest_digest",
    "is_admin",     "is_member",     "is_manifest_list",
    "is_org_admin", "super_user",    "username",
    "anonymous",    "errors",        "code",
    "message",      "error",         "error_type",
    "status",       "title",         "detail",
    "digest",       "manifest_data", "config_media_type",
    "data",         "status_code",   "layers_compressed_size",
    "services",     "token",         "error_message"};

bool IsLeftOut(int number) {
  for (const LeftOut& left : kLeftOut) {
    if (number >= left.from && number <= left.to) return true;
  }
  return false;
}

std::string HeaderOf(const Answer& answer, const char* name) {
  const std::string* value = http::FindHeader(answer.headers, name);
  return value == nullptr ? "" : *value;
}

std::string TypeOf(const Answer& answer) {
  std::string type = HeaderOf(answer, "Content-Type");
  if (type.empty()) type = answer.content_type;
  return type.substr(0, type.find(';'));
}

// The value of a next_page differs from server to server.
std::string WithoutToken(const std::string& link) {
  return std::regex_replace(link, std::regex("next_page=[^&>]*"), "next_page=");
}

Json ClaimsOf(const std::string& token) {
  const auto parts = base::Split(token, '.');
  std::string text;
  if (parts.size() < 2 ||
      !absl::WebSafeBase64Unescape(base::ToAbsl(parts[1]), &text)) {
    return {};
  }
  return Json::parse(text, nullptr, false);
}

bool IsChanging(const std::string& key, const std::string& path) {
  return key == "next_page" || key == "type" ||
         // Shown to nobody that asks.
         (key == "tags" && path == "/repository");
}

// All that `ours` says must be what `real` says, and `ours` must say all that
// means something. Empty if so.
std::string Difference(const Json& real, const Json& ours,
                       const std::string& path) {
  if (ours.is_array() && real.is_array()) {
    if (ours.size() != real.size()) {
      return base::StrCat(path, " has ", ours.size(), " entries, not ",
                          real.size());
    }
    for (size_t i = 0; i < ours.size(); ++i) {
      const std::string d =
          Difference(real[i], ours[i], base::StrCat(path, "/", i));
      if (!d.empty()) return d;
    }
    return "";
  }
  if (!ours.is_object() || !real.is_object()) {
    return ours == real
               ? ""
               : base::StrCat(path, " is ", ours.dump(), ", not ", real.dump());
  }
  for (const auto& [key, value] : ours.items()) {
    const std::string at = base::StrCat(path, "/", key);
    if (!real.contains(key)) return base::StrCat(at, " is ours alone");
    if (IsChanging(key, path)) continue;
    const std::string d =
        key == "token" ? Difference(ClaimsOf(real[key]), ClaimsOf(value), at)
                       : Difference(real[key], value, at);
    if (!d.empty()) return d;
  }
  if (path.starts_with("/token")) return "";
  for (const auto& [key, value] : real.items()) {
    if (kMeaningful.contains(key) && !ours.contains(key) &&
        !IsChanging(key, path)) {
      return base::StrCat(path, "/", key, " is missing");
    }
  }
  return "";
}

// A schema 1 manifest is made up for each answer: its bytes, and so its digest,
// differ; what it says of the image does not.
bool IsSchema1(const Answer& answer) {
  return base::Contains(TypeOf(answer), "distribution.manifest.v1");
}

std::string DifferenceOfSchema1(const Json& real, const Json& ours) {
  for (const char* key :
       {"schemaVersion", "name", "tag", "architecture", "fsLayers"}) {
    const Json said = ours.value(key, Json());
    if (said != real.value(key, Json())) {
      return base::StrCat(key, " is ", said.dump());
    }
  }
  return "";
}

class ReplayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto corpus = landwaiter::testing::Corpus();
    if (!corpus) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
    exchanges_ = ReadExchanges(*corpus + "/quay");
    quay::SetUp(exchanges_, quay_);
  }

  SeenRequest Translated(const RecordedExchange& exchange) {
    SeenRequest request = exchange.request;
    std::erase_if(request.headers, [](const auto& header) {
      return header.first == "Authorization";
    });
    for (const std::string& comment : exchange.comments) {
      if (!comment.starts_with("credentials: ")) continue;
      const std::string value = AuthorizationOf(comment.substr(13), quay_);
      if (!value.empty()) request.headers.emplace_back("Authorization", value);
    }
    // The recorder took pages' tokens from other answers to the same request:
    // a whole one is the first that ours gave for it.
    const auto page = agent::registry::QueryValue(request.target, "next_page");
    if (!page || !page->ends_with("=")) return request;
    const size_t at = request.target.find("next_page=") + 10;
    request.target = request.target.substr(0, at) +
                     http::EscapeComponent(pages_[ListOf(request)]);
    return request;
  }

  static std::string ListOf(const SeenRequest& request) {
    return base::StrCat(PathOf(request), " by ", Parameter(request, "n"));
  }

  void LearnPages(const RecordedExchange& exchange, const Answer& answer) {
    std::string page;
    if (const std::string link = HeaderOf(answer, "Link"); !link.empty()) {
      const std::string target = link.substr(1, link.find('>') - 1);
      page = agent::registry::QueryValue(target, "next_page").value_or("");
    } else {
      const auto json = Json::parse(answer.body, nullptr, false);
      if (json.is_object()) page = json.value("next_page", "");
    }
    if (!page.empty()) pages_.emplace(ListOf(exchange.request), page);
  }

  void Compare(const RecordedExchange& exchange, const Answer& ours) {
    const Answer& real = exchange.answer;
    EXPECT_EQ(ours.status, real.status);
    if (!TypeOf(real).empty()) EXPECT_EQ(TypeOf(ours), TypeOf(real));
    for (const char* name : {"WWW-Authenticate", "Location", "Retry-After",
                             "Docker-Distribution-API-Version"}) {
      EXPECT_EQ(HeaderOf(ours, name), HeaderOf(real, name)) << name;
    }
    EXPECT_EQ(WithoutToken(HeaderOf(ours, "Link")),
              WithoutToken(HeaderOf(real, "Link")));
    const auto real_json = Json::parse(real.body, nullptr, false);
    if (IsSchema1(real)) {
      EXPECT_EQ(DifferenceOfSchema1(real_json, Json::parse(ours.body)), "");
      return;
    }
    EXPECT_EQ(HeaderOf(ours, "Docker-Content-Digest"),
              HeaderOf(real, "Docker-Content-Digest"));
    // Web pages, blobs, and what the recorder cut.
    if (real_json.is_discarded()) return;
    EXPECT_EQ(Difference(real_json, Json::parse(ours.body, nullptr, false), ""),
              "");
  }

  QuaySimulator quay_;
  std::vector<RecordedExchange> exchanges_;
  std::map<std::string, std::string> pages_;
};

TEST_F(ReplayTest, TheSimulatorAnswersAsTheRealServerDid) {
  int replayed = 0;
  for (const RecordedExchange& exchange : exchanges_) {
    SCOPED_TRACE(exchange.name);
    const int number = NumberOf(exchange);
    HappensBefore(number, quay_);
    if (IsLeftOut(number)) continue;
    const Answer answer = quay_.Serve(Translated(exchange));
    Compare(exchange, answer);
    LearnPages(exchange, answer);
    ++replayed;
  }
  EXPECT_EQ(exchanges_.size(), 362u);
  EXPECT_GT(replayed, 300);
}

}  // namespace
}  // namespace landwaiter::test::quay
