#include "tests/simulation/sim_work_client.h"

#include <utility>

#include "core/base/failure.h"

namespace landwaiter::simulation {

void SimWorkClient::Travel() {
  const bool late = scheduler_.Chance(budget_.network);
  scheduler_.SleepUntil(
      scheduler_.now() +
      absl::Milliseconds(1 + scheduler_.Draw(late ? 40'000 : 30)));
}

template <typename CallFunction>
absl::Status SimWorkClient::Over(CallFunction call) {
  absl::Status status = absl::UnavailableError("never called");
  for (int attempt = 0; attempt < 8; ++attempt) {
    if (attempt > 0) {
      scheduler_.SleepUntil(scheduler_.now() + absl::Seconds(1 << attempt));
    }
    Travel();
    if (scheduler_.Chance(budget_.network)) continue;  // lost on the way there
    status = call();
    if (scheduler_.Chance(budget_.network)) {  // arrives twice
      Travel();
      status = call();
    }
    Travel();
    if (scheduler_.Chance(budget_.network)) {  // the answer is lost
      status = absl::UnavailableError("lost");
    }
    if (status.code() != absl::StatusCode::kUnavailable ||
        base::HasFailureCode(status)) {
      return status;
    }
  }
  return status;
}

absl::StatusOr<model::LeaseReply> SimWorkClient::Lease(uint32_t max_items) {
  model::LeaseReply reply;
  LANDWAITER_RETURN_IF_ERROR(Over([&]() -> absl::Status {
    auto answer = queue_.Lease(identity_, {.max_items = max_items});
    if (!answer.ok()) return answer.status();
    monitor_.Granted(*answer, analyzer_clock_.Now());
    reply = *std::move(answer);
    return absl::OkStatus();
  }));
  return reply;
}

absl::StatusOr<model::HeartbeatReply> SimWorkClient::Heartbeat(
    const std::vector<model::LeaseRef>& leases) {
  model::HeartbeatReply reply;
  LANDWAITER_RETURN_IF_ERROR(Over([&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(reply, queue_.Heartbeat(identity_, leases));
    return absl::OkStatus();
  }));
  return reply;
}

absl::StatusOr<model::ListingReply> SimWorkClient::SubmitListing(
    const model::LeaseRef& lease, const model::ListingPage& page) {
  model::ListingReply reply;
  LANDWAITER_RETURN_IF_ERROR(Over([&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(reply,
                                queue_.SubmitListing(identity_, lease, page));
    monitor_.Accepted("SubmitListing", lease);
    return absl::OkStatus();
  }));
  return reply;
}

absl::StatusOr<model::ImagePlan> SimWorkClient::PlanImage(
    const model::LeaseRef& lease, const model::ImageFacts& facts) {
  model::ImagePlan plan;
  LANDWAITER_RETURN_IF_ERROR(Over([&]() -> absl::Status {
    LANDWAITER_ASSIGN_OR_RETURN(plan,
                                queue_.PlanImage(identity_, lease, facts));
    return absl::OkStatus();
  }));
  return plan;
}

absl::Status SimWorkClient::SubmitLayer(const model::LeaseRef& lease,
                                        const model::LayerReport& report) {
  return Over([&]() -> absl::Status {
    LANDWAITER_RETURN_IF_ERROR(queue_.SubmitLayer(identity_, lease, report));
    monitor_.Accepted("SubmitLayer", lease);
    return absl::OkStatus();
  });
}

absl::Status SimWorkClient::Complete(const model::LeaseRef& lease,
                                     const model::Outcome& outcome) {
  return Over([&]() -> absl::Status {
    LANDWAITER_RETURN_IF_ERROR(queue_.Complete(identity_, lease, outcome));
    monitor_.Accepted("Complete", lease);
    return absl::OkStatus();
  });
}

}  // namespace landwaiter::simulation
