#ifndef LANDWAITER_TESTS_SIMULATION_SCHEDULER_H_
#define LANDWAITER_TESTS_SIMULATION_SCHEDULER_H_

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"

namespace landwaiter::simulation {

// Thrown out of a step of an actor that was killed: it unwinds the actor as
// if the machine were gone. Nobody may catch it but the scheduler.
struct Killed {};

// Runs actors one at a time, in an order that the seed decides, on a clock
// that jumps to the next moment at which somebody has something to do. An
// actor is plain blocking code on a thread of its own; wherever it waits or
// speaks to another actor it hands the turn back. The same seed gives the same
// run.
class Scheduler {
 public:
  using ActorId = size_t;

  explicit Scheduler(uint64_t seed);
  ~Scheduler() { Stop(); }
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  ActorId Spawn(std::string name, std::function<void()> body);

  // Runs until `done`, nobody is left, or the time is `limit`. Returns whether
  // it was `done`.
  bool Run(absl::Time limit, const std::function<bool()>& done);

  // Kills who is left: before anything goes that actors look at.
  void Stop();

  absl::Time now() const { return now_; }

  // Only from inside an actor: the turn goes to others, until `time` (or until
  // chance has it, for Yield). Throws Killed.
  void Yield() { SleepUntil(now_); }
  void SleepUntil(absl::Time time);

  // The actor (perhaps the calling one) does not come back from its next step.
  void Kill(ActorId id);
  bool Alive(ActorId id) const { return !actors_[id]->finished; }
  ActorId current() const { return turn_; }

  // Draws in the run's one stream of chance.
  uint64_t Draw(uint64_t below);
  bool Chance(double probability);

 private:
  static constexpr ActorId kNobody = ~size_t{0};
  struct Actor {
    std::string name;
    std::thread thread;
    absl::Time wake;
    bool killed = false;
    bool finished = false;
    std::condition_variable turn;
  };

  void RunActor(ActorId id, const std::function<void()>& body);
  void Resume(ActorId id);
  void AwaitTurn(ActorId id);

  std::mt19937_64 random_;
  absl::Time now_;
  ActorId turn_ = kNobody;
  std::mutex mutex_;
  std::condition_variable back_;
  std::vector<std::unique_ptr<Actor>> actors_;
};

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_SCHEDULER_H_
