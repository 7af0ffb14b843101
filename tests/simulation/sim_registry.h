#ifndef LANDWAITER_TESTS_SIMULATION_SIM_REGISTRY_H_
#define LANDWAITER_TESTS_SIMULATION_SIM_REGISTRY_H_

#include <map>
#include <string>
#include <vector>

#include "agent/registry/registry.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/scheduler.h"
#include "tests/simulation/world.h"

namespace landwaiter::simulation {

// What the registry noticed.
struct RegistryLog {
  std::map<model::Digest, int> blob_pulls;
  // Errors given by repository: at most two each, so that no item uses up the
  // tries that the queue allows it.
  std::map<std::string, int, std::less<>> failed;
};

// The world's registry: slow, and with errors as the budget has them. A pull
// takes its time, so leases run out and pods meet.
class SimRegistry : public agent::registry::Registry {
 public:
  SimRegistry(Scheduler& scheduler, FaultBudget& budget, RegistryLog& log)
      : scheduler_(scheduler), budget_(budget), log_(log) {}

  absl::StatusOr<agent::registry::Verification> Verify() override;
  absl::StatusOr<agent::registry::RepositoryPage> ListRepositories(
      std::string_view cursor) override;
  absl::StatusOr<agent::registry::ArtifactPage> ListArtifacts(
      std::string_view repository, std::string_view cursor) override;
  absl::StatusOr<model::Digest> ResolveTag(std::string_view repository,
                                           std::string_view tag) override;
  absl::StatusOr<agent::source::RawManifest> GetManifest(
      std::string_view repository, std::string_view reference,
      uint64_t limit) override;
  absl::Status FetchBlob(std::string_view repository,
                         const model::Descriptor& blob,
                         agent::source::BlobSink sink) override;

 private:
  // Time passes, and perhaps an error comes.
  absl::Status Answer(std::string_view repository);

  Scheduler& scheduler_;
  FaultBudget& budget_;
  RegistryLog& log_;
};

}  // namespace landwaiter::simulation

#endif  // LANDWAITER_TESTS_SIMULATION_SIM_REGISTRY_H_
