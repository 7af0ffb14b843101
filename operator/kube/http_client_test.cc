#include "operator/kube/http_client.h"

#include <deque>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// Answers from a script and notes what was asked.
struct Script {
  std::vector<http::Request> requests;
  std::deque<absl::StatusOr<http::Response>> answers;
  std::vector<absl::Duration> deadlines;
  // How a streamed body is cut, and how the stream ends.
  size_t chunk = 7;
  absl::Status end;
};

class ScriptedHttp : public http::Client {
 public:
  explicit ScriptedHttp(Script* script) : script_(script) {}

  absl::StatusOr<http::Response> Send(const http::Request& request, uint64_t,
                                      absl::Duration deadline) override {
    script_->requests.push_back(request);
    script_->deadlines.push_back(deadline);
    if (script_->answers.empty()) return http::Response{200, {}, "{}"};
    auto answer = script_->answers.front();
    script_->answers.pop_front();
    return answer;
  }
  absl::Status Stream(const http::Request& request, OnResponse on_response,
                      OnData on_data, absl::Duration deadline) override {
    auto answer = Send(request, 0, deadline);
    if (!answer.ok()) return answer.status();
    LANDWAITER_RETURN_IF_ERROR(
        on_response({answer->status, answer->headers, ""}));
    std::string_view body = answer->body;
    while (!body.empty()) {
      LANDWAITER_RETURN_IF_ERROR(on_data(body.substr(0, script_->chunk)));
      body.remove_prefix(std::min(body.size(), script_->chunk));
    }
    return script_->end;
  }
  void Stop() override {}

 private:
  Script* const script_;
};

class CountingToken : public TokenSource {
 public:
  absl::StatusOr<std::string> Token() override {
    return absl::StrCat("token-", refused_);
  }
  void Refused() override { ++refused_; }

 private:
  int refused_ = 0;
};

class HttpKubeClientTest : public testing::Test {
 protected:
  HttpKubeClientTest() { Make({}); }

  void Make(HttpKubeOptions options) { Make(std::move(options), &clock_); }
  void Make(HttpKubeOptions options, base::Clock* clock) {
    client_ = std::make_unique<HttpKubeClient>(
        [this](absl::Duration) {
          return std::make_unique<ScriptedHttp>(&script_);
        },
        std::make_unique<ScriptedHttp>(&script_),
        std::make_shared<CountingToken>(), std::move(options), clock, 1);
  }
  void Answer(int status, std::string body = "{}", http::Headers headers = {}) {
    script_.answers.push_back(
        http::Response{status, std::move(headers), std::move(body)});
  }
  void Lose() {
    script_.answers.push_back(base::Failure(
        base::FailureCode::kNetworkConnectError, "no one there", "Connect"));
  }
  std::vector<std::string> Asked() {
    std::vector<std::string> asked;
    for (const http::Request& r : script_.requests) {
      asked.push_back(absl::StrCat(r.method, " ", r.target));
    }
    return asked;
  }
  std::string Header(size_t request, std::string_view name) {
    const std::string* value =
        http::FindHeader(script_.requests.at(request).headers, name);
    return value == nullptr ? "" : *value;
  }

  base::FakeClock clock_;
  Script script_;
  std::unique_ptr<HttpKubeClient> client_;
};

const ObjectKey kKey{"n", "x"};
const Json& Object() {
  static const Json* const kObject =
      new Json{{"metadata", {{"name", "x"}, {"namespace", "n"}}}};
  return *kObject;
}

TEST_F(HttpKubeClientTest, EachCallIsTheRequestOfTheApi) {
  client_->Get(kJobs, kKey).status().IgnoreError();
  client_->Create(kJobs, Object()).status().IgnoreError();
  client_->Update(kJobs, Object()).status().IgnoreError();
  client_->UpdateStatus(kJobs, Object()).status().IgnoreError();
  client_->Patch(kJobs, kKey, Object(), {}).status().IgnoreError();
  Apply(*client_, kJobs, Object(), "me", "status").status().IgnoreError();
  client_->Delete(kJobs, kKey, {.uid = "u"}).IgnoreError();
  client_->PodLog(kKey, {.container = "c", .tail_lines = 9})
      .status()
      .IgnoreError();
  client_->GetRaw("/version").status().IgnoreError();
  const std::string jobs = "/apis/batch/v1/namespaces/n/jobs";
  EXPECT_THAT(
      Asked(),
      ElementsAre("GET " + jobs + "/x", "POST " + jobs, "PUT " + jobs + "/x",
                  "PUT " + jobs + "/x/status", "PATCH " + jobs + "/x",
                  "PATCH " + jobs + "/x/status?fieldManager=me&force=true",
                  "DELETE " + jobs + "/x",
                  "GET /api/v1/namespaces/n/pods/x/"
                  "log?container=c&tailLines=9&limitBytes=1048576",
                  "GET /version"));
  EXPECT_EQ(script_.requests[4].content_type, "application/merge-patch+json");
  EXPECT_EQ(script_.requests[5].content_type, "application/apply-patch+yaml");
  EXPECT_EQ(Json::parse(script_.requests[5].body)["kind"], "Job");
  const Json options = Json::parse(script_.requests[6].body);
  EXPECT_EQ(options["propagationPolicy"], "Background");
  EXPECT_EQ(options["preconditions"]["uid"], "u");
  EXPECT_EQ(Header(0, "Authorization"), "Bearer token-0");
}

TEST_F(HttpKubeClientTest, ListNamesTheTypeOfItsItems) {
  Answer(200, R"({"kind":"JobList","metadata":{"resourceVersion":"7",)"
              R"("continue":"c"},"items":[{"metadata":{"name":"a"}}]})");
  auto page = client_->List(
      kJobs, "n",
      {.label_selector = "a=b", .limit = 5, .resource_version = "0"});
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->resource_version, "7");
  EXPECT_EQ(page->continue_token, "c");
  EXPECT_EQ(page->items[0]["kind"], "Job");
  EXPECT_EQ(page->items[0]["apiVersion"], "batch/v1");
  client_->List(kJobs, "", {.continue_token = "c", .resource_version = "0"})
      .status()
      .IgnoreError();
  EXPECT_THAT(Asked(),
              ElementsAre("GET /apis/batch/v1/namespaces/n/"
                          "jobs?labelSelector=a%3Db&limit=5&resourceVersion=0",
                          "GET /apis/batch/v1/jobs?continue=c"));
}

TEST_F(HttpKubeClientTest, ReadsAreRepeatedAfterLossesAndServerErrors) {
  Lose();
  Answer(500);
  Answer(503);
  Answer(200, R"({"metadata":{"name":"x"}})");
  EXPECT_TRUE(client_->Get(kJobs, kKey).ok());
  EXPECT_THAT(script_.requests, SizeIs(4));
  EXPECT_GE(clock_.Slept(), absl::Milliseconds(200 + 400 + 800));
  EXPECT_LE(clock_.Slept(), 2 * absl::Milliseconds(200 + 400 + 800));
}

TEST_F(HttpKubeClientTest, RepeatsHaveAnEnd) {
  for (int i = 0; i < 20; ++i) Answer(503);
  EXPECT_TRUE(absl::IsUnavailable(client_->Get(kJobs, kKey).status()));
  EXPECT_THAT(script_.requests, SizeIs(5));
}

TEST_F(HttpKubeClientTest, CreateIsRepeatedOnlyIfTheServerDidNothing) {
  Lose();
  EXPECT_TRUE(absl::IsUnavailable(client_->Create(kJobs, Object()).status()));
  EXPECT_THAT(script_.requests, SizeIs(1));
  Answer(429, "", {{"Retry-After", "3"}});
  EXPECT_TRUE(client_->Create(kJobs, Object()).ok());
  EXPECT_THAT(script_.requests, SizeIs(3));
  EXPECT_EQ(clock_.Slept(), absl::Seconds(3));
}

TEST_F(HttpKubeClientTest, RetryAfterPastTheTimeoutIsLeftToTheCaller) {
  Answer(429, "", {{"Retry-After", "60"}});
  absl::Status status = client_->Get(kJobs, kKey).status();
  EXPECT_TRUE(absl::IsResourceExhausted(status));
  EXPECT_EQ(RetryAfterOf(status), absl::Seconds(60));
  EXPECT_EQ(clock_.Slept(), absl::ZeroDuration());
}

TEST_F(HttpKubeClientTest, TriesShareOneTimeout) {
  Answer(503);
  Answer(503);
  Answer(200);
  EXPECT_TRUE(client_->Get(kJobs, kKey).ok());
  EXPECT_EQ(script_.deadlines[0], absl::Seconds(30));
  EXPECT_EQ(script_.deadlines[2], absl::Seconds(30) - clock_.Slept());
}

TEST_F(HttpKubeClientTest, AnswersOfTheServerAreNotRepeated) {
  for (int code : {400, 403, 404, 409, 410, 422}) {
    script_.requests.clear();
    Answer(code);
    EXPECT_FALSE(client_->Get(kJobs, kKey).ok());
    EXPECT_THAT(script_.requests, SizeIs(1)) << code;
  }
}

TEST_F(HttpKubeClientTest, RefusedTokenIsFetchedAgainOnce) {
  Answer(401);
  EXPECT_TRUE(client_->Get(kJobs, kKey).ok());
  EXPECT_EQ(Header(1, "Authorization"), "Bearer token-1");
  Answer(401);
  Answer(401);
  EXPECT_TRUE(absl::IsUnauthenticated(client_->Get(kJobs, kKey).status()));
}

TEST_F(HttpKubeClientTest, CallsPastTheBurstAreSpread) {
  Make({.requests_per_second = 10, .burst = 5});
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(client_->Get(kJobs, kKey).ok());
  EXPECT_NEAR(absl::ToDoubleSeconds(clock_.Slept()), 2, 0.001);
}

TEST_F(HttpKubeClientTest, InterruptedClockEndsWaitsButNotLastCalls) {
  base::RealClock clock;
  clock.Interrupt();
  Make({.requests_per_second = 1, .burst = 2}, &clock);
  EXPECT_TRUE(client_->Update(kLeases, Object()).ok());
  Answer(503);
  EXPECT_TRUE(absl::IsCancelled(client_->Get(kJobs, kKey).status()));
  EXPECT_TRUE(absl::IsCancelled(client_->Get(kJobs, kKey).status()));
  EXPECT_THAT(script_.requests, SizeIs(2));
}

TEST_F(HttpKubeClientTest, WhatIsNoAnswerOfTheApiIsInternal) {
  for (const char* body : {"", "<html>", "[]", "3"}) {
    Answer(200, body);
    EXPECT_TRUE(absl::IsInternal(client_->Get(kJobs, kKey).status())) << body;
    Answer(200, body);
    EXPECT_TRUE(absl::IsInternal(client_->List(kJobs, "", {}).status()));
  }
  Answer(200, R"({"items":[3]})");
  EXPECT_TRUE(absl::IsInternal(client_->List(kJobs, "", {}).status()));
  Answer(302);
  EXPECT_TRUE(absl::IsInternal(client_->Get(kJobs, kKey).status()));
}

TEST_F(HttpKubeClientTest, NamesThatAreNoneNeverReachTheServer) {
  EXPECT_FALSE(client_->Get(kSecrets, {"n", ""}).ok());
  EXPECT_FALSE(client_->Delete(kSecrets, {"n", ""}, {}).ok());
  EXPECT_FALSE(client_->Create(kSecrets, Json::object()).ok());
  EXPECT_THAT(script_.requests, SizeIs(0));
}

class WatchTest : public HttpKubeClientTest {
 protected:
  absl::Status Watch(std::stop_token stop = {}) {
    return client_->Watch(
        kJobs, "n", {.resource_version = "5"},
        [&](const WatchEvent& event) {
          names_.push_back(NameOf(*event.object));
          return absl::OkStatus();
        },
        std::move(stop));
  }
  std::string Event(std::string name) {
    return absl::StrCat(R"({"type":"ADDED","object":{"metadata":{"name":")",
                        name, "\"}}}\n");
  }
  std::vector<std::string> names_;
};

TEST_F(WatchTest, EventsArriveAndBookmarksAreAskedFor) {
  Answer(200, Event("a") + Event("b"));
  EXPECT_TRUE(Watch().ok());
  EXPECT_THAT(names_, ElementsAre("a", "b"));
  EXPECT_THAT(Asked(),
              ElementsAre("GET /apis/batch/v1/namespaces/n/jobs?watch=1&"
                          "allowWatchBookmarks=true&resourceVersion=5&"
                          "timeoutSeconds=300"));
}

TEST_F(WatchTest, RefusedWatchSaysWhy) {
  Answer(410, R"({"kind":"Status","code":410,"reason":"Expired",)"
              R"("message":"too old resource version"})");
  absl::Status status = Watch();
  EXPECT_TRUE(IsExpired(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("too old"));
  Answer(429, "", {{"Retry-After", "9"}});
  EXPECT_EQ(RetryAfterOf(Watch()), absl::Seconds(9));
  Answer(401);
  EXPECT_TRUE(absl::IsUnauthenticated(Watch()));
  Watch().IgnoreError();
  EXPECT_EQ(Header(3, "Authorization"), "Bearer token-1");
}

TEST_F(WatchTest, CutIsUnavailableAndSilenceIsNot) {
  Answer(200, Event("a"));
  script_.end =
      base::Failure(base::FailureCode::kNetworkError, "broke off", "Protocol");
  EXPECT_TRUE(absl::IsUnavailable(Watch()));
  Answer(200, Event("b"));
  script_.end =
      base::Failure(base::FailureCode::kNetworkError, "silent", "Timeout");
  EXPECT_TRUE(Watch().ok());
  EXPECT_THAT(names_, ElementsAre("a", "b"));
}

TEST_F(WatchTest, StopIsCancelled) {
  std::stop_source source;
  source.request_stop();
  Answer(200, Event("a"));
  EXPECT_TRUE(absl::IsCancelled(Watch(source.get_token())));
}

}  // namespace
}  // namespace landwaiter::kube
