// Both ends of a tunnel, joined without a network.
#include "operator/connector/tunnel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "core/base/failure.h"
#include "operator/connector/executor.h"

namespace landwaiter::connector {
namespace {

using testing::HasSubstr;

constexpr char kJobs[] = "/apis/batch/v1/namespaces/scans/jobs";

// The far API server: its answers, and what it was asked.
struct Far {
  std::function<absl::Status(const http::Request&, http::Client::OnResponse,
                             http::Client::OnData, const std::atomic<bool>&)>
      answer;
  std::atomic<int> requests = 0;
  absl::Mutex mutex;
  http::Request last;
};

class FarClient : public http::Client {
 public:
  explicit FarClient(Far* far) : far_(far) {}
  absl::StatusOr<http::Response> Send(const http::Request&, uint64_t,
                                      absl::Duration) override {
    return absl::UnimplementedError("the executor streams");
  }
  absl::Status Stream(const http::Request& request, OnResponse on_response,
                      OnData on_data, absl::Duration) override {
    {
      absl::MutexLock lock(&far_->mutex);
      far_->last = request;
    }
    ++far_->requests;
    return far_->answer(request, on_response, on_data, stopped_);
  }
  void Stop() override { stopped_ = true; }

 private:
  Far* const far_;
  std::atomic<bool> stopped_ = false;
};

class TunnelTest : public testing::Test {
 protected:
  TunnelTest() {
    far_.answer = [](const http::Request&, http::Client::OnResponse on_response,
                     http::Client::OnData on_data, const std::atomic<bool>&) {
      LANDWAITER_RETURN_IF_ERROR(on_response({.status = 200}));
      return on_data("{}");
    };
    executor_ = std::make_unique<Executor>(
        "scans",
        [this](absl::Duration) { return std::make_unique<FarClient>(&far_); },
        std::make_shared<kube::StaticToken>("far-token"),
        [this](const v1::ConnectorMessage& message) {
          return tunnel_->OnMessage(message).ok();
        });
    tunnel_ = std::make_shared<Tunnel>([this](v1::OperatorMessage message) {
      absl::MutexLock lock(&mutex_);
      messages_.push_back(std::move(message));
      return true;
    });
    pump_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) Pump();
    });
    hub_.Attach("u", {tunnel_, [this] { ++ended_; }});
    client_ = NewTunnelClient(&hub_, "u", absl::Seconds(10));
  }
  ~TunnelTest() override {
    tunnel_->Close();
    pump_ = std::jthread();
    executor_.reset();
  }
  // The stream from the operator to the connector.
  void Pump() {
    std::vector<v1::OperatorMessage> messages;
    {
      absl::MutexLock lock(&mutex_);
      messages.swap(messages_);
    }
    for (const v1::OperatorMessage& message : messages) {
      executor_->OnMessage(message);
    }
    if (messages.empty()) absl::SleepFor(absl::Milliseconds(1));
  }

  Far far_;
  absl::Mutex mutex_;
  std::vector<v1::OperatorMessage> messages_;
  std::shared_ptr<Tunnel> tunnel_;
  std::unique_ptr<Executor> executor_;
  std::jthread pump_;
  TunnelHub hub_{nullptr};
  std::unique_ptr<http::Client> client_;
  std::atomic<int> ended_ = 0;
};

TEST_F(TunnelTest, ARequestIsAnsweredWithTheConnectorsOwnCredentials) {
  http::Request request{.method = "POST", .target = kJobs, .body = "job"};
  request.headers = {{"Authorization", "Bearer stolen"},
                     {"Impersonate-User", "admin"}};
  const auto response = client_->Send(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "{}");
  absl::MutexLock lock(&far_.mutex);
  EXPECT_EQ(far_.last.body, "job");
  EXPECT_EQ(*http::FindHeader(far_.last.headers, "Authorization"),
            "Bearer far-token");
  EXPECT_EQ(http::FindHeader(far_.last.headers, "Impersonate-User"), nullptr);
}

TEST_F(TunnelTest, WhatIsNotOnTheListNeverReachesTheApiServer) {
  const auto response =
      client_->Send({.target = "/api/v1/namespaces/scans/secrets"});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 403);
  EXPECT_THAT(response->body, HasSubstr("does not allow"));
  EXPECT_EQ(far_.requests, 0);
}

TEST_F(TunnelTest, ALargeAnswerComesWholeAndOnlyAsFastAsItIsTaken) {
  const std::string piece(100'000, 'x');
  std::atomic<size_t> sent = 0;
  far_.answer = [&](const http::Request&, http::Client::OnResponse on_response,
                    http::Client::OnData on_data, const std::atomic<bool>&) {
    LANDWAITER_RETURN_IF_ERROR(on_response({.status = 200}));
    for (int i = 0; i < 50; ++i) {
      LANDWAITER_RETURN_IF_ERROR(on_data(piece));
      sent += piece.size();
    }
    return absl::OkStatus();
  };
  size_t taken = 0;
  size_t ahead = 0;
  const absl::Status status = client_->Stream(
      {.target = kJobs}, [](const http::Response&) { return absl::OkStatus(); },
      [&](std::string_view data) {
        absl::SleepFor(absl::Milliseconds(1));
        taken += data.size();
        ahead = std::max(ahead, sent - std::min<size_t>(sent, taken));
        return absl::OkStatus();
      });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(taken, 50 * piece.size());
  EXPECT_LE(ahead, 2 * Tunnel::kCredit + piece.size());
}

TEST_F(TunnelTest, AnAnswerOverTheLimitIsCutOff) {
  far_.answer = [](const http::Request&, http::Client::OnResponse on_response,
                   http::Client::OnData on_data, const std::atomic<bool>&) {
    LANDWAITER_RETURN_IF_ERROR(on_response({.status = 200}));
    absl::Status status;
    while (status.ok()) status = on_data(std::string(1000, 'x'));
    return status;
  };
  const auto response = client_->Send({.target = kJobs}, 100'000);
  EXPECT_EQ(base::FailureCodeOf(response.status()),
            base::FailureCode::kLimitExceeded);
}

TEST_F(TunnelTest, AWatchEndsSoonWhenStopped) {
  std::atomic<bool> stopped_far = false;
  far_.answer = [&](const http::Request&, http::Client::OnResponse on_response,
                    http::Client::OnData, const std::atomic<bool>& stopped) {
    LANDWAITER_RETURN_IF_ERROR(on_response({.status = 200}));
    while (!stopped) absl::SleepFor(absl::Milliseconds(1));
    stopped_far = true;
    return absl::CancelledError("stopped");
  };
  std::jthread stopper([&] {
    while (far_.requests == 0) absl::SleepFor(absl::Milliseconds(1));
    client_->Stop();
  });
  const absl::Status status = client_->Stream(
      {.target = kJobs}, [](const http::Response&) { return absl::OkStatus(); },
      [](std::string_view) { return absl::OkStatus(); });
  EXPECT_FALSE(status.ok());
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (!stopped_far && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_TRUE(stopped_far);
}

TEST_F(TunnelTest, ADeadlineIsKeptThoughNobodyAnswers) {
  far_.answer = [](const http::Request&, http::Client::OnResponse,
                   http::Client::OnData, const std::atomic<bool>& stopped) {
    while (!stopped) absl::SleepFor(absl::Milliseconds(1));
    return absl::CancelledError("stopped");
  };
  const auto response =
      client_->Send({.target = kJobs}, 1000, absl::Milliseconds(50));
  EXPECT_EQ(base::FailureCauseOf(response.status()), "Timeout");
}

TEST_F(TunnelTest, AFailureOfTheFarTransportKeepsItsKind) {
  far_.answer = [](const http::Request&, http::Client::OnResponse,
                   http::Client::OnData, const std::atomic<bool>&) {
    return base::Failure(base::FailureCode::kNetworkConnectError, "no route",
                         "Connect");
  };
  const auto response = client_->Send({.target = kJobs});
  EXPECT_EQ(base::FailureCodeOf(response.status()),
            base::FailureCode::kNetworkConnectError);
  EXPECT_EQ(base::FailureCauseOf(response.status()), "Connect");
}

TEST_F(TunnelTest, ANewStreamFencesTheStaleOne) {
  auto next =
      std::make_shared<Tunnel>([](v1::OperatorMessage) { return false; });
  hub_.Attach("u", {next, [] {}});
  EXPECT_EQ(ended_, 1);
  EXPECT_FALSE(tunnel_
                   ->Exchange(
                       {.target = kJobs}, {},
                       [](const http::Response&) { return absl::OkStatus(); },
                       [](std::string_view) { return absl::OkStatus(); }, {})
                   .ok());
  // The stale one's end does not take the new one away.
  hub_.Detach("u", tunnel_.get());
  EXPECT_EQ(hub_.Find("u"), next);
}

TEST_F(TunnelTest, WithoutAStreamCallsFailAtOnce) {
  const auto client = NewTunnelClient(&hub_, "other", absl::Seconds(10));
  EXPECT_THAT(client->Send({.target = kJobs}).status().message(),
              HasSubstr("not connected"));
}

TEST_F(TunnelTest, WhoSendsMoreThanCreditedBreaksTheRules) {
  std::vector<v1::OperatorMessage> sent;
  Tunnel tunnel([&](v1::OperatorMessage message) {
    sent.push_back(std::move(message));
    return true;
  });
  std::jthread caller([&] {
    (void)tunnel.Exchange(
        {.target = kJobs}, {},
        [](const http::Response&) { return absl::OkStatus(); },
        [](std::string_view) { return absl::OkStatus(); }, {});
  });
  v1::ConnectorMessage flood;
  flood.set_id(1);
  flood.set_data(std::string(Tunnel::kCredit + 1, 'x'));
  absl::Status status;
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (status.ok() && absl::Now() < end) status = tunnel.OnMessage(flood);
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  tunnel.Close();
}

}  // namespace
}  // namespace landwaiter::connector
