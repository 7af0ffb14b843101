#include "operator/connector/executor.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/connector/allow_list.h"

namespace landwaiter::connector {
namespace {

// A watch without a byte for so long is dead: bookmarks come every minute.
constexpr absl::Duration kWatchIdle = absl::Minutes(4);
constexpr absl::Duration kLongest = absl::Hours(1);

// What the API server would answer, so that the operator's client needs to
// know nothing of connectors.
http::Response Forbidden(const absl::Status& why) {
  const nlohmann::json status = {
      {"kind", "Status"},    {"apiVersion", "v1"},
      {"status", "Failure"}, {"reason", "Forbidden"},
      {"code", 403},         {"message", std::string(why.message())}};
  http::Response response;
  response.status = 403;
  response.headers = {{"Content-Type", "application/json"}};
  response.body = status.dump();
  return response;
}

}  // namespace

struct Executor::Request {
  uint64_t id = 0;
  v1::OperatorMessage::Request wanted;
  // Guarded by the executor's mutex, but for `thread`.
  uint64_t credit = 0;
  bool cancelled = false;
  bool done = false;
  http::Client* client = nullptr;  // while it is under way
  absl::CondVar changed;
  std::thread thread;
};

Executor::Executor(std::string scan_namespace, Transport transport,
                   std::shared_ptr<kube::TokenSource> token, Send send)
    : scan_namespace_(std::move(scan_namespace)),
      transport_(std::move(transport)),
      token_(std::move(token)),
      send_(std::move(send)) {}

Executor::~Executor() {
  {
    absl::MutexLock lock(&mutex_);
    for (auto& [id, request] : requests_) {
      request->cancelled = true;
      if (request->client != nullptr) request->client->Stop();
      request->changed.Signal();
    }
  }
  Reap(/*all=*/true);
}

void Executor::Reap(bool all) {
  std::vector<std::shared_ptr<Request>> ended;
  {
    absl::MutexLock lock(&mutex_);
    for (auto it = requests_.begin(); it != requests_.end();) {
      if (all || it->second->done) {
        ended.push_back(it->second);
        it = requests_.erase(it);
      } else {
        ++it;
      }
    }
  }
  for (const std::shared_ptr<Request>& request : ended) request->thread.join();
}

void Executor::OnMessage(const v1::OperatorMessage& message) {
  Reap(/*all=*/false);
  if (message.has_request()) {
    Start(message.id(), message.request());
    return;
  }
  absl::MutexLock lock(&mutex_);
  const auto it = requests_.find(message.id());
  if (it == requests_.end()) return;
  Request& request = *it->second;
  if (message.has_credit()) {
    request.credit += message.credit().bytes();
  } else if (message.has_cancel()) {
    request.cancelled = true;
    if (request.client != nullptr) request.client->Stop();
  }
  request.changed.Signal();
}

void Executor::Start(uint64_t id, const v1::OperatorMessage::Request& wanted) {
  auto request = std::make_shared<Request>();
  request->id = id;
  request->wanted = wanted;
  request->credit = wanted.credit();
  bool full = false;
  {
    absl::MutexLock lock(&mutex_);
    full = requests_.size() >= kMaxRequests || requests_.contains(id);
    if (!full) {
      requests_[id] = request;
      request->thread = std::thread([this, request] { Run(request); });
    }
  }
  if (full) {
    SendEnd(id, base::Failure(base::FailureCode::kNetworkConnectError,
                              "too many requests at once", "Connect"));
  }
}

void Executor::Run(const std::shared_ptr<Request>& request) {
  const absl::Status status = Carry(*request);
  bool cancelled = false;
  {
    absl::MutexLock lock(&mutex_);
    request->client = nullptr;
    cancelled = request->cancelled;
  }
  if (!cancelled) SendEnd(request->id, status);
  absl::MutexLock lock(&mutex_);
  request->done = true;
}

absl::Status Executor::Carry(Request& request) {
  const v1::OperatorMessage::Request& wanted = request.wanted;
  const absl::Status allowed =
      CheckAllowed(wanted.method(), wanted.target(), scan_namespace_);
  if (!allowed.ok()) {
    base::LogWarning("request refused", {{"method", wanted.method()}});
    const http::Response refusal = Forbidden(allowed);
    SendHead(request, refusal);
    return SendData(request, refusal.body);
  }
  http::Request out{.method = wanted.method(),
                    .target = wanted.target(),
                    .body = wanted.body(),
                    .content_type = wanted.content_type()};
  // Nothing of the operator's headers goes on: none may change who we are.
  out.headers = {{"Accept", "application/json"}};
  if (token_ != nullptr) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string token, token_->Token());
    out.headers.push_back({"Authorization", "Bearer " + token});
  }
  const absl::Duration timeout =
      std::min(absl::Seconds(wanted.timeout_seconds()), kLongest);
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::unique_ptr<http::Client> client,
      transport_(wanted.watch() ? kWatchIdle : timeout));
  {
    absl::MutexLock lock(&mutex_);
    if (request.cancelled) return absl::CancelledError("cancelled");
    request.client = client.get();
  }
  const absl::Status status = client->Stream(
      out,
      [&](const http::Response& head) {
        if (head.status == 401 && token_ != nullptr) token_->Refused();
        SendHead(request, head);
        return absl::OkStatus();
      },
      [&](std::string_view data) { return SendData(request, data); }, timeout);
  absl::MutexLock lock(&mutex_);
  request.client = nullptr;  // it goes
  return status;
}

absl::Status Executor::SendData(Request& request, std::string_view data) {
  while (!data.empty()) {
    size_t size = std::min(data.size(), kPiece);
    {
      absl::MutexLock lock(&mutex_);
      while (request.credit == 0 && !request.cancelled) {
        request.changed.Wait(&mutex_);
      }
      if (request.cancelled) return absl::CancelledError("cancelled");
      size = std::min<size_t>(size, request.credit);
      request.credit -= size;
    }
    v1::ConnectorMessage message;
    message.set_id(request.id);
    message.set_data(data.data(), size);
    if (!send_(message)) return absl::CancelledError("the stream has ended");
    data.remove_prefix(size);
  }
  return absl::OkStatus();
}

void Executor::SendHead(const Request& request,
                        const http::Response& response) {
  v1::ConnectorMessage message;
  message.set_id(request.id);
  v1::ConnectorMessage::Head& head = *message.mutable_head();
  head.set_status(static_cast<uint32_t>(response.status));
  for (const char* name : {"Content-Type", "Retry-After"}) {
    const std::string* value = http::FindHeader(response.headers, name);
    if (value == nullptr) continue;
    v1::HttpHeader& header = *head.add_headers();
    header.set_name(name);
    header.set_value(value->substr(0, 256));
  }
  send_(message);
}

void Executor::SendEnd(uint64_t id, const absl::Status& status) {
  v1::ConnectorMessage message;
  message.set_id(id);
  v1::ConnectorMessage::End& end = *message.mutable_end();
  if (!status.ok()) {
    end.set_code(static_cast<uint32_t>(status.code()));
    end.set_message(std::string(status.message().substr(0, 512)));
    end.set_failure(std::string(base::ToString(base::FailureCodeOf(status))));
    end.set_cause(base::FailureCauseOf(status));
  }
  send_(message);
}

}  // namespace landwaiter::connector
