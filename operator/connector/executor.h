#ifndef LANDWAITER_OPERATOR_CONNECTOR_EXECUTOR_H_
#define LANDWAITER_OPERATOR_CONNECTOR_EXECUTOR_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/http/client.h"
#include "landwaiter/v1/connector.pb.h"
#include "operator/kube/config/token_source.h"

namespace landwaiter::connector {

// The connector's end of a stream: carries out what the operator asks of the
// API server, if the allow-list has it, and sends the answers back. Each
// request has a thread; there are at most kMaxRequests. OnMessage is for one
// thread.
class Executor {
 public:
  static constexpr size_t kMaxRequests = 64;
  static constexpr size_t kPiece = 64 << 10;

  // May block while the stream is busy; false: it has ended. Called from many
  // threads.
  using Send = std::function<bool(const v1::ConnectorMessage&)>;
  using Transport = std::function<absl::StatusOr<std::unique_ptr<http::Client>>(
      absl::Duration idle_timeout)>;
  // `token` may be null.
  Executor(std::string scan_namespace, Transport transport,
           std::shared_ptr<kube::TokenSource> token, Send send);
  // Ends what is under way; Send is not called any more.
  ~Executor();

  void OnMessage(const v1::OperatorMessage& message);

 private:
  struct Request;
  void Start(uint64_t id, const v1::OperatorMessage::Request& wanted);
  void Run(const std::shared_ptr<Request>& request);
  absl::Status Carry(Request& request);
  // Sends `data` as credit comes in; CANCELLED if it is no longer wanted.
  absl::Status SendData(Request& request, std::string_view data);
  void SendHead(const Request& request, const http::Response& response);
  void SendEnd(uint64_t id, const absl::Status& status);
  void Reap(bool all);

  const std::string scan_namespace_;
  const Transport transport_;
  const std::shared_ptr<kube::TokenSource> token_;
  const Send send_;
  absl::Mutex mutex_;
  std::map<uint64_t, std::shared_ptr<Request>> requests_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::connector

#endif  // LANDWAITER_OPERATOR_CONNECTOR_EXECUTOR_H_
