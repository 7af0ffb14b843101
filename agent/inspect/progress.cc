#include "agent/inspect/progress.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace landwaiter::agent::inspect {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(100);
constexpr uint64_t kMegabyte = 1'000'000;

}  // namespace

Progress::Progress(base::Clock& clock)
    : clock_(clock), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (terminal_) std::fputs("\r\x1b[K", stderr);
}

void Progress::OnImage(size_t layers, uint64_t bytes) {
  const absl::MutexLock lock(&mutex_);
  layers_ = layers;
  bytes_ = bytes;
}

void Progress::OnBytes(uint64_t bytes) {
  if (!terminal_) return;
  const absl::MutexLock lock(&mutex_);
  bytes_done_ += bytes;
  const absl::Time now = clock_.Now();
  if (now - drawn_ < kInterval) return;
  drawn_ = now;
  Draw();
}

void Progress::OnLayerDone() {
  const absl::MutexLock lock(&mutex_);
  ++layers_done_;
}

void Progress::Draw() {
  std::fprintf(stderr, "\rlayers %zu/%zu, %llu of %llu MB\x1b[K", layers_done_,
               layers_,
               static_cast<unsigned long long>(bytes_done_ / kMegabyte),
               static_cast<unsigned long long>(bytes_ / kMegabyte));
}

}  // namespace landwaiter::agent::inspect
