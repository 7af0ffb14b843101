#include "operator/connector/tunnel.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::connector {
namespace {

using base::FailureCode;

absl::Status Lost() {
  return base::Failure(FailureCode::kNetworkConnectError,
                       "the cluster's connector is not connected", "Connect");
}

absl::Status FromEnd(const v1::ConnectorMessage::End& end) {
  if (end.code() == 0) return absl::OkStatus();
  const auto code = base::FailureCodeFromString(end.failure());
  const std::string message =
      base::StrCat("in the far cluster: ", end.message().substr(0, 512));
  if (code) return base::Failure(*code, message, end.cause());
  return absl::Status(static_cast<absl::StatusCode>(end.code()), message);
}

http::Response FromHead(const v1::ConnectorMessage::Head& head) {
  http::Response response;
  response.status = static_cast<int>(head.status());
  for (const v1::HttpHeader& header : head.headers()) {
    response.headers.push_back({header.name(), header.value()});
  }
  return response;
}

}  // namespace

// What has arrived and was not taken yet. Guarded by the tunnel's mutex.
struct Tunnel::Answer {
  std::optional<http::Response> head;
  std::deque<std::string> data;
  uint64_t credit = kCredit;  // what the far side may still send
  std::optional<absl::Status> end;
  bool stopped = false;
  absl::CondVar changed;
};

Tunnel::~Tunnel() = default;

absl::Status Tunnel::OnMessage(v1::ConnectorMessage message) {
  absl::MutexLock lock(&mutex_);
  const auto it = answers_.find(message.id());
  if (it == answers_.end()) return absl::OkStatus();  // no longer wanted
  Answer& answer = *it->second;
  if (message.has_head()) {
    answer.head = FromHead(message.head());
  } else if (message.part_case() == v1::ConnectorMessage::kData) {
    if (message.data().size() > answer.credit) {
      return absl::InvalidArgumentError("it sends more than it may");
    }
    answer.credit -= message.data().size();
    answer.data.push_back(std::move(*message.mutable_data()));
  } else if (message.has_end()) {
    answer.end = FromEnd(message.end());
  }
  answer.changed.Signal();
  return absl::OkStatus();
}

void Tunnel::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  for (auto& [id, answer] : answers_) {
    if (!answer->end) answer->end = Lost();
    answer->changed.Signal();
  }
}

absl::StatusOr<uint64_t> Tunnel::Begin(const http::Request& request,
                                       const Options& options,
                                       std::shared_ptr<Answer> answer) {
  if (request.body.size() > kMaxRequestBody) {
    return base::Failure(FailureCode::kLimitExceeded,
                         "the request is too large for a connector");
  }
  v1::OperatorMessage message;
  v1::OperatorMessage::Request& out = *message.mutable_request();
  out.set_method(request.method);
  out.set_target(request.target);
  for (const auto& [name, value] : request.headers) {
    v1::HttpHeader& header = *out.add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  out.set_content_type(request.content_type);
  out.set_body(request.body);
  out.set_watch(options.watch);
  out.set_credit(kCredit);
  out.set_timeout_seconds(static_cast<uint32_t>(
      absl::ToInt64Seconds(std::min(options.deadline, absl::Minutes(59))) + 1));
  absl::MutexLock lock(&mutex_);
  if (answers_.size() >= kMaxExchanges) {
    return base::Failure(FailureCode::kNetworkConnectError,
                         "too many requests to the connector at once",
                         "Connect");
  }
  const uint64_t id = ++last_id_;
  message.set_id(id);
  if (!Deliver(std::move(message))) return Lost();
  answers_[id] = std::move(answer);
  return id;
}

// Under the lock: after Close nobody is on the way into the stream.
bool Tunnel::Deliver(v1::OperatorMessage message) {
  return !closed_ && send_(std::move(message));
}

absl::Status Tunnel::Exchange(const http::Request& request,
                              const Options& options,
                              http::Client::OnResponse on_response,
                              http::Client::OnData on_data,
                              const std::stop_token& stop) {
  auto answer = std::make_shared<Answer>();
  LANDWAITER_ASSIGN_OR_RETURN(const uint64_t id,
                              Begin(request, options, answer));
  std::stop_callback on_stop(stop, [&] {
    absl::MutexLock lock(&mutex_);
    answer->stopped = true;
    answer->changed.Signal();
  });
  const absl::Status status =
      Receive(id, *answer, options, on_response, on_data);
  absl::MutexLock lock(&mutex_);
  if (!answer->end) {
    v1::OperatorMessage message;
    message.set_id(id);
    message.mutable_cancel();
    Deliver(std::move(message));
  }
  answers_.erase(id);
  return status;
}

absl::Status Tunnel::Receive(uint64_t id, Answer& answer,
                             const Options& options,
                             http::Client::OnResponse on_response,
                             http::Client::OnData on_data) {
  const absl::Time deadline = absl::Now() + options.deadline;
  bool began = false;
  while (true) {
    std::optional<http::Response> head;
    std::string data;
    {
      absl::MutexLock lock(&mutex_);
      const absl::Time until = std::min(deadline, absl::Now() + options.idle);
      while (!answer.head && answer.data.empty() && !answer.end &&
             !answer.stopped) {
        if (answer.changed.WaitWithDeadline(&mutex_, until)) {
          return base::Failure(began ? FailureCode::kNetworkError
                                     : FailureCode::kNetworkConnectError,
                               "no answer by way of the connector in time",
                               "Timeout");
        }
      }
      if (answer.stopped) return Lost();
      head.swap(answer.head);
      if (!head && !answer.data.empty()) {
        data = std::move(answer.data.front());
        answer.data.pop_front();
        answer.credit += data.size();
      } else if (!head) {
        return *answer.end;
      }
    }
    if (head) {
      began = true;
      LANDWAITER_RETURN_IF_ERROR(on_response(*head));
      continue;
    }
    LANDWAITER_RETURN_IF_ERROR(on_data(data));
    v1::OperatorMessage credit;
    credit.set_id(id);
    credit.mutable_credit()->set_bytes(static_cast<uint32_t>(data.size()));
    absl::MutexLock lock(&mutex_);
    Deliver(std::move(credit));
  }
}

void TunnelHub::Attach(const std::string& uid, Entry entry) {
  {
    // Under the lock: a stream that is to be ended has not detached yet.
    absl::MutexLock lock(&mutex_);
    const Entry stale = std::exchange(entries_[uid], std::move(entry));
    if (stale.tunnel != nullptr) {
      stale.tunnel->Close();
      stale.end();
    }
  }
  if (on_attach_) on_attach_(uid);
}

void TunnelHub::Detach(const std::string& uid, const Tunnel* tunnel) {
  absl::MutexLock lock(&mutex_);
  const auto it = entries_.find(uid);
  if (it != entries_.end() && it->second.tunnel.get() == tunnel) {
    entries_.erase(it);
  }
}

void TunnelHub::End(const std::string& uid) {
  absl::MutexLock lock(&mutex_);
  const auto it = entries_.find(uid);
  if (it != entries_.end()) it->second.end();
}

std::shared_ptr<Tunnel> TunnelHub::Find(const std::string& uid) const {
  absl::MutexLock lock(&mutex_);
  const auto it = entries_.find(uid);
  return it == entries_.end() ? nullptr : it->second.tunnel;
}

namespace {

class TunnelClient : public http::Client {
 public:
  TunnelClient(TunnelHub* hub, std::string uid, absl::Duration idle)
      : hub_(hub), uid_(std::move(uid)), idle_(idle) {}

  absl::StatusOr<http::Response> Send(const http::Request& request,
                                      uint64_t max_body,
                                      absl::Duration deadline) override {
    http::Response whole;
    const auto on_response = [&](const http::Response& head) {
      whole = head;
      return absl::OkStatus();
    };
    const auto on_data = [&](std::string_view data) {
      if (whole.body.size() + data.size() > max_body) {
        return base::Failure(FailureCode::kLimitExceeded,
                             "the answer is too large");
      }
      whole.body.append(data);
      return absl::OkStatus();
    };
    LANDWAITER_RETURN_IF_ERROR(
        Run(request, {.watch = false, .deadline = deadline, .idle = idle_},
            on_response, on_data));
    return whole;
  }

  absl::Status Stream(const http::Request& request, OnResponse on_response,
                      OnData on_data, absl::Duration deadline) override {
    return Run(request, {.watch = true, .deadline = deadline, .idle = idle_},
               on_response, on_data);
  }

  void Stop() override { stop_.request_stop(); }

 private:
  absl::Status Run(const http::Request& request, const Tunnel::Options& options,
                   OnResponse on_response, OnData on_data) {
    const std::shared_ptr<Tunnel> tunnel = hub_->Find(uid_);
    if (tunnel == nullptr || stop_.stop_requested()) return Lost();
    return tunnel->Exchange(request, options, on_response, on_data,
                            stop_.get_token());
  }

  TunnelHub* const hub_;
  const std::string uid_;
  const absl::Duration idle_;
  std::stop_source stop_;
};

}  // namespace

std::unique_ptr<http::Client> NewTunnelClient(TunnelHub* hub, std::string uid,
                                              absl::Duration idle_timeout) {
  return std::make_unique<TunnelClient>(hub, std::move(uid), idle_timeout);
}

}  // namespace landwaiter::connector
