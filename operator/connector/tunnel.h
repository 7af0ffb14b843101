#ifndef LANDWAITER_OPERATOR_CONNECTOR_TUNNEL_H_
#define LANDWAITER_OPERATOR_CONNECTOR_TUNNEL_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "core/http/client.h"
#include "landwaiter/v1/connector.pb.h"

namespace landwaiter::connector {

// The operator's end of one connector's stream: sends requests for the far API
// server and hands their answers to whoever asked. Thread-safe.
class Tunnel {
 public:
  static constexpr size_t kMaxExchanges = 64;
  // Of one answer, under way or not yet taken.
  static constexpr uint32_t kCredit = 256 << 10;
  static constexpr size_t kMaxRequestBody = size_t{3} << 20;

  // Hands a message to the stream without waiting; false if it takes no more.
  using Send = std::function<bool(v1::OperatorMessage)>;
  explicit Tunnel(Send send) : send_(std::move(send)) {}
  ~Tunnel();

  // From the stream, in order. Not OK: the far side breaks the rules, and the
  // stream should end.
  absl::Status OnMessage(v1::ConnectorMessage message);
  // The stream has ended: every exchange fails, now and later.
  void Close();

  struct Options {
    bool watch = false;
    absl::Duration deadline = absl::InfiniteDuration();
    absl::Duration idle = absl::Minutes(2);
  };
  // As http::Client::Stream; ends soon when `stop` is asked for.
  absl::Status Exchange(const http::Request& request, const Options& options,
                        http::Client::OnResponse on_response,
                        http::Client::OnData on_data,
                        const std::stop_token& stop);

 private:
  struct Answer;
  absl::StatusOr<uint64_t> Begin(const http::Request& request,
                                 const Options& options,
                                 std::shared_ptr<Answer> answer);
  bool Deliver(v1::OperatorMessage message)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Receive(uint64_t id, Answer& answer, const Options& options,
                       http::Client::OnResponse on_response,
                       http::Client::OnData on_data);

  const Send send_;
  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<uint64_t, std::shared_ptr<Answer>> answers_ ABSL_GUARDED_BY(mutex_);
};

// The tunnels of the connectors that are here, by the RepositoryCluster's uid.
// Thread-safe.
class TunnelHub {
 public:
  using OnAttach = std::function<void(const std::string& uid)>;
  explicit TunnelHub(OnAttach on_attach) : on_attach_(std::move(on_attach)) {}

  struct Entry {
    std::shared_ptr<Tunnel> tunnel;
    std::function<void()> end;  // ends its stream soon, without waiting
  };
  // Ends the stream that the cluster had: it is stale.
  void Attach(const std::string& uid, Entry entry);
  // Unless another has taken its place.
  void Detach(const std::string& uid, const Tunnel* tunnel);
  // Ends the cluster's stream, if there is one.
  void End(const std::string& uid);
  std::shared_ptr<Tunnel> Find(const std::string& uid) const;

 private:
  const OnAttach on_attach_;
  mutable absl::Mutex mutex_;
  std::map<std::string, Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

// A client whose requests go through the cluster's tunnel, whichever it has at
// the time; NetworkConnectError with cause Connect while it has none. The hub
// outlives it.
std::unique_ptr<http::Client> NewTunnelClient(TunnelHub* hub, std::string uid,
                                              absl::Duration idle_timeout);

}  // namespace landwaiter::connector

#endif  // LANDWAITER_OPERATOR_CONNECTOR_TUNNEL_H_
