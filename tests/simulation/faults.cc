#include "tests/simulation/faults.h"

namespace landwaiter::simulation {
namespace {

bool Take(Scheduler& scheduler, int& left, double probability) {
  if (left <= 0 || !scheduler.Chance(probability)) return false;
  --left;
  return true;
}

}  // namespace

absl::Status ActorFailpoints::Hit(std::string_view name) {
  reached_.emplace(name);
  scheduler_.Yield();
  if (Take(scheduler_, budget_.kills, 0.04)) {
    scheduler_.Kill(scheduler_.current());
    scheduler_.Yield();
  }
  if (Take(scheduler_, budget_.pauses, 0.04)) {
    scheduler_.SleepUntil(scheduler_.now() + absl::Seconds(61) +
                          absl::Seconds(scheduler_.Draw(120)));
  }
  return absl::OkStatus();
}

absl::Status StoreFailpoints::Hit(std::string_view name) {
  reached_.emplace(name);
  if (Take(scheduler_, budget_.errors, 0.03)) {
    return absl::UnavailableError("injected");
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::simulation
