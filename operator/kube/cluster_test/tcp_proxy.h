#ifndef LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_TCP_PROXY_H_
#define LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_TCP_PROXY_H_

#include <atomic>
#include <cstdint>
#include <list>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace landwaiter::kube {

// Passes TCP connections on to a port of 127.0.0.1, until told otherwise.
class TcpProxy {
 public:
  explicit TcpProxy(uint16_t target_port);
  ~TcpProxy();

  uint16_t port() const { return port_; }
  // Resets every connection; new ones are passed on.
  void Cut();
  // Resets every connection, and closes new ones at once until Open.
  void Close();
  void Open() { closed_ = false; }

  int64_t connections() const { return connections_; }
  // What clients sent, in bytes.
  int64_t bytes_sent() const { return bytes_sent_; }

 private:
  struct Connection {
    int client = -1;
    int server = -1;
    std::thread thread;
  };
  void Accept();
  void Pass(int client, int server);
  bool PassSome(int from, int to, std::atomic<int64_t>* count);
  void ShutAll();

  const uint16_t target_port_;
  uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> closed_ = false;
  std::atomic<bool> ending_ = false;
  std::atomic<int64_t> connections_ = 0;
  std::atomic<int64_t> bytes_sent_ = 0;
  absl::Mutex mutex_;
  std::list<Connection> open_ ABSL_GUARDED_BY(mutex_);
  std::thread acceptor_;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_TCP_PROXY_H_
