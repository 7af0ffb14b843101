#include "operator/run/lanes.h"

#include <algorithm>
#include <utility>

namespace landwaiter::run {

Lanes::~Lanes() {
  absl::MutexLock lock(&mutex_);
  while (AnyRunning()) ended_.Wait(&mutex_);
  JoinEnded();
}

bool Lanes::AnyRunning() const {
  return std::any_of(lanes_.begin(), lanes_.end(),
                     [](const auto& lane) { return lane.second.running; });
}

void Lanes::Do(const std::string& name, std::function<void()> work) {
  absl::MutexLock lock(&mutex_);
  Lane& wanted = lanes_[name];
  wanted.work.push_back(std::move(work));
  if (wanted.running) return;
  wanted.running = true;
  JoinEnded();
  if (wanted.thread.joinable()) wanted.thread.join();
  wanted.thread = std::thread([this, &wanted] { Run(&wanted); });
}

// A thread that has said so under the lock touches nothing of ours any more.
void Lanes::JoinEnded() {
  for (auto it = lanes_.begin(); it != lanes_.end();) {
    if (it->second.running) {
      ++it;
      continue;
    }
    it->second.thread.join();
    it = lanes_.erase(it);
  }
}

void Lanes::Run(Lane* lane) {
  while (true) {
    std::function<void()> work;
    {
      absl::MutexLock lock(&mutex_);
      if (lane->work.empty()) {
        lane->running = false;
        ended_.Signal();
        return;
      }
      work = std::move(lane->work.front());
      lane->work.pop_front();
    }
    work();
  }
}

}  // namespace landwaiter::run
