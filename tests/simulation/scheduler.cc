#include "tests/simulation/scheduler.h"

#include <algorithm>
#include <utility>

namespace landwaiter::simulation {

Scheduler::Scheduler(uint64_t seed)
    : random_(seed), now_(absl::FromUnixSeconds(1'700'000'000)) {}

void Scheduler::Stop() {
  for (ActorId id = 0; id < actors_.size(); ++id) {
    if (!actors_[id]->finished) {
      actors_[id]->killed = true;
      Resume(id);
    }
    actors_[id]->thread.join();
  }
  actors_.clear();
}

Scheduler::ActorId Scheduler::Spawn(std::string name,
                                    std::function<void()> body) {
  const ActorId id = actors_.size();
  {
    // An actor that was spawned before may be looking for its own entry.
    std::lock_guard lock(mutex_);
    actors_.push_back(std::make_unique<Actor>());
  }
  actors_[id]->name = std::move(name);
  actors_[id]->wake = now_;
  actors_[id]->thread =
      std::thread([this, id, body = std::move(body)] { RunActor(id, body); });
  return id;
}

void Scheduler::RunActor(ActorId id, const std::function<void()>& body) {
  try {
    AwaitTurn(id);
    body();
  } catch (const Killed&) {
    // It is gone; what it had told others stays.
  }
  std::lock_guard lock(mutex_);
  actors_[id]->finished = true;
  turn_ = kNobody;
  back_.notify_all();
}

void Scheduler::AwaitTurn(ActorId id) {
  Actor* actor = nullptr;
  std::unique_lock lock(mutex_);
  // The list grows while others wait; the actor itself stays where it is.
  actor = actors_[id].get();
  actor->turn.wait(lock, [&] { return turn_ == id; });
  if (actor->killed) throw Killed();
}

void Scheduler::Resume(ActorId id) {
  std::unique_lock lock(mutex_);
  turn_ = id;
  actors_[id]->turn.notify_all();
  back_.wait(lock, [&] { return turn_ == kNobody; });
}

void Scheduler::SleepUntil(absl::Time time) {
  const ActorId id = turn_;
  // Whoever is killed while it unwinds does not wait again.
  if (actors_[id]->killed) throw Killed();
  actors_[id]->wake = std::max(time, now_);
  {
    std::lock_guard lock(mutex_);
    turn_ = kNobody;
    back_.notify_all();
  }
  AwaitTurn(id);
}

void Scheduler::Kill(ActorId id) { actors_[id]->killed = true; }

bool Scheduler::Run(absl::Time limit, const std::function<bool()>& done) {
  while (!done()) {
    std::vector<ActorId> ready;
    absl::Time next = absl::InfiniteFuture();
    for (ActorId id = 0; id < actors_.size(); ++id) {
      const Actor& actor = *actors_[id];
      if (actor.finished) continue;
      next = std::min(next, actor.wake);
      if (actor.wake <= now_ || actor.killed) ready.push_back(id);
    }
    if (ready.empty()) {
      if (next >= limit) return false;
      now_ = next;
      continue;
    }
    Resume(ready[Draw(ready.size())]);
  }
  return true;
}

uint64_t Scheduler::Draw(uint64_t below) { return random_() % below; }

bool Scheduler::Chance(double probability) {
  return static_cast<double>(Draw(1'000'000)) < probability * 1'000'000;
}

}  // namespace landwaiter::simulation
