#include <cstdlib>
#include <string>

#include "absl/strings/str_join.h"
#include "core/base/failpoint.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"
#include "tests/simulation/run.h"
#include "tests/simulation/world.h"

namespace landwaiter::simulation {
namespace {

uint64_t NumberFromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  if (text == nullptr) return otherwise;
  return base::ParseUint64(text).value_or(otherwise);
}

// What must be the same however much went wrong.
struct Truth {
  uint64_t images = 0;
  uint64_t unscannable = 0;
  std::map<std::string, std::set<std::string>> findings;
};

std::string WhatIsWrong(const RunResult& result, const Truth& truth) {
  std::vector<std::string> wrong = result.violations;
  uint64_t quota = 0;
  for (const auto& [name, task] : result.tasks) {
    const model::ImageCounts& n = task.images;
    quota += task.quota_consumed;
    const std::string counts = base::StrCat(
        name, ": total ", n.total, " scanned ", n.scanned, " reused ", n.reused,
        " failed ", n.failed, " skipped ", n.skipped, " unsupported ",
        n.unsupported, " ", task.phase);
    if (n.total !=
        n.scanned + n.reused + n.failed + n.skipped + n.unsupported) {
      wrong.push_back("counts do not add up: " + counts);
    }
    if (n.total != truth.images || n.failed != truth.unscannable ||
        n.skipped + n.unsupported != 0) {
      wrong.push_back("lost or doubled: " + counts);
    }
  }
  if (quota != truth.images - truth.unscannable) {
    wrong.push_back(base::StrCat("quota ", quota));
  }
  if (result.findings != truth.findings) {
    wrong.push_back("the findings are not those of a calm run");
  }
  return absl::StrJoin(wrong, "\n  ");
}

Truth TruthOf(const RunResult& calm) {
  Truth truth;
  truth.findings = calm.findings;
  for (const World::Image& image : TheWorld().images) {
    ++truth.images;
    truth.unscannable += !image.scannable;
  }
  return truth;
}

class SimulationTest : public testing::Test {
 protected:
  SimulationTest() { base::SetLogLevel(base::LogLevel::kError); }
};

TEST_F(SimulationTest, ACalmRunFindsWhatIsThere) {
  const RunResult calm = RunSimulation(0, /*calm=*/true);
  EXPECT_EQ(WhatIsWrong(calm, TruthOf(calm)), "");
  // Every image but the broken one rests on a layer with a bad package.
  EXPECT_EQ(calm.findings.size(), TheWorld().images.size() - 1);
}

TEST_F(SimulationTest, TheSameSeedGivesTheSameRun) {
  const RunResult first = RunSimulation(7, false);
  const RunResult second = RunSimulation(7, false);
  EXPECT_EQ(first.took, second.took);
  EXPECT_EQ(first.pods, second.pods);
}

// LANDWAITER_SIMULATION_FIRST and _SEEDS set from where and how many;
// LANDWAITER_SIMULATION_SEED replays one.
TEST_F(SimulationTest, FaultsChangeNothingThatCounts) {
  const Truth truth = TruthOf(RunSimulation(0, /*calm=*/true));
  const uint64_t only = NumberFromEnvironment("LANDWAITER_SIMULATION_SEED", 0);
  const uint64_t count =
      only != 0 ? 1 : NumberFromEnvironment("LANDWAITER_SIMULATION_SEEDS", 500);
  const uint64_t first =
      only != 0 ? only
                : NumberFromEnvironment("LANDWAITER_SIMULATION_FIRST", 1);
  std::set<std::string> reached;
  int failed = 0;
  for (uint64_t seed = first; seed < first + count && failed < 5; ++seed) {
    const RunResult result = RunSimulation(seed, false);
    reached.insert(result.reached.begin(), result.reached.end());
    const std::string wrong = WhatIsWrong(result, truth);
    if (!wrong.empty()) {
      ++failed;
      ADD_FAILURE() << "replay with LANDWAITER_SIMULATION_SEED=" << seed
                    << ":\n  " << wrong;
    }
  }
  if (only != 0 || count < 100) return;
  for (const std::string_view name : base::AllFailpoints()) {
    EXPECT_TRUE(reached.contains(std::string(name)))
        << name << " was never reached";
  }
}

}  // namespace
}  // namespace landwaiter::simulation
