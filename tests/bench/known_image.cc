#include "tests/bench/known_image.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "agent/layer/in_process_layer_scanner.h"
#include "agent/pipeline/stages.h"
#include "agent/registry/catalog.h"
#include "core/base/clock.h"

namespace landwaiter::bench {
namespace {

using model::LeaseRef;

// Lacks nothing.
class KnowingAnalyzer : public agent::submit::WorkClient {
 public:
  absl::StatusOr<model::LeaseReply> Lease(uint32_t) override {
    return absl::UnimplementedError("the item is given by hand");
  }
  absl::StatusOr<model::HeartbeatReply> Heartbeat(
      const std::vector<LeaseRef>&) override {
    return model::HeartbeatReply{};
  }
  absl::StatusOr<model::ListingReply> SubmitListing(
      const LeaseRef&, const model::ListingPage&) override {
    return absl::UnimplementedError("nothing is listed");
  }
  absl::StatusOr<model::ImagePlan> PlanImage(
      const LeaseRef&, const model::ImageFacts& facts) override {
    model::ImagePlan plan;
    plan.layers.resize(facts.layers.size(), model::LayerAction::kKnown);
    return plan;
  }
  absl::Status SubmitLayer(const LeaseRef&,
                           const model::LayerReport&) override {
    return absl::InternalError("a known layer was pulled");
  }
  absl::Status Complete(const LeaseRef&, const model::Outcome&) override {
    return absl::UnimplementedError("the item is given by hand");
  }
};

[[noreturn]] void Fail(const absl::Status& status) {
  std::fprintf(stderr, "bench: the known image: %s\n",
               status.ToString().c_str());
  std::exit(1);
}

}  // namespace

double MeasureKnownImage(const BenchImage& image, uint16_t port) {
  namespace pipeline = agent::pipeline;
  base::RealClock clock;
  agent::registry::Connection connection;
  connection.http.base = {"http", "127.0.0.1", port, "/"};
  const auto digest = model::Digest::Parse(image.manifest);
  if (!digest.ok()) Fail(digest.status());
  KnowingAnalyzer analyzer;
  base::NoFailpoints no_faults;
  pipeline::LeaseKeeper leases(analyzer, no_faults);
  pipeline::InlineExecutor executor;
  agent::layer::InProcessLayerScanner scanner(
      [] { return agent::layer::Extractors(); });

  const auto start = std::chrono::steady_clock::now();
  const auto registry = agent::registry::NewRegistry("OCI", connection, clock);
  if (!registry.ok()) Fail(registry.status());
  const pipeline::Stages stages{**registry, scanner, analyzer, leases,
                                executor,   clock,   no_faults};
  model::WorkItem item{.id = "item", .repository = "bench", .digest = *digest};
  item.deadline = clock.Now() + absl::Hours(1);
  leases.Add(item);
  const absl::Status status = pipeline::ScanImage(stages, item);
  if (!status.ok()) Fail(status);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

}  // namespace landwaiter::bench
