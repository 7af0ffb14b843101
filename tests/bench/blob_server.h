#ifndef LANDWAITER_TESTS_BENCH_BLOB_SERVER_H_
#define LANDWAITER_TESTS_BENCH_BLOB_SERVER_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>

#include "tests/bench/image_maker.h"

namespace landwaiter::bench {

// A registry on loopback that serves one image, as "bench:latest", over plain
// HTTP with sendfile: a process of its own, so that its time is not counted.
// It ends with this object. To be made before the program has threads.
class BlobServer {
 public:
  explicit BlobServer(const BenchImage& image);
  ~BlobServer();
  uint16_t port() const { return port_; }
  // Bytes of answers since the last call.
  uint64_t TakeBytesSent();

 private:
  std::atomic<uint64_t>* sent_;  // shared with the process that serves
  pid_t pid_ = -1;
  uint16_t port_ = 0;
};

}  // namespace landwaiter::bench

#endif  // LANDWAITER_TESTS_BENCH_BLOB_SERVER_H_
