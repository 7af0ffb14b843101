#include "operator/metrics/operator_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "nlohmann/json.hpp"
#include "operator/kube/fake/fake_kube_client.h"
#include "operator/metrics/metered_kube_client.h"

namespace landwaiter::metrics {
namespace {

using ::testing::HasSubstr;
using Outcome = manager::ControllerObserver::Outcome;

TEST(OperatorMetricsTest, ControllersAreCountedUnderControllerRuntimesNames) {
  OperatorMetrics metrics;
  manager::ControllerObserver* observer = metrics.ForController("scantask");
  observer->OnAdd();
  observer->OnDepth(3);
  observer->OnReconcile(Outcome::kSuccess, absl::Milliseconds(7));
  observer->OnReconcile(Outcome::kError, absl::Milliseconds(7));
  const std::string text = metrics.Render();
  EXPECT_THAT(text, HasSubstr("controller_runtime_reconcile_total{controller="
                              "\"scantask\",result=\"success\"} 1"));
  EXPECT_THAT(text, HasSubstr("controller_runtime_reconcile_errors_total{"
                              "controller=\"scantask\"} 1"));
  EXPECT_THAT(text, HasSubstr("controller_runtime_reconcile_time_seconds_count{"
                              "controller=\"scantask\"} 2"));
  EXPECT_THAT(text, HasSubstr("workqueue_depth{name=\"scantask\"} 3"));
  EXPECT_THAT(text, HasSubstr("workqueue_adds_total{name=\"scantask\"} 1"));
}

TEST(OperatorMetricsTest, RequestsAreCountedByMethodAndStatus) {
  OperatorMetrics metrics;
  base::FakeClock clock;
  kube::FakeKubeClient fake(&clock);
  MeteredKubeClient client(&fake, &metrics);
  (void)client.Get(kube::kSecrets, {"n", "none"});
  (void)client.Create(kube::kSecrets,
                      {{"metadata", {{"name", "a"}, {"namespace", "n"}}}});
  const std::string text = metrics.Render();
  EXPECT_THAT(text, HasSubstr("code=\"404\",method=\"GET\"} 1"));
  EXPECT_THAT(text, HasSubstr("code=\"200\",method=\"POST\"} 1"));
}

TEST(OperatorMetricsTest, PhaseThatNothingIsInBecomesZero) {
  OperatorMetrics metrics;
  metrics.SetPhases("ScanTask", {{"Running", 2}});
  metrics.SetPhases("ScanTask", {{"Succeeded", 2}});
  const std::string text = metrics.Render();
  EXPECT_THAT(text, HasSubstr("{kind=\"ScanTask\",phase=\"Running\"} 0"));
  EXPECT_THAT(text, HasSubstr("{kind=\"ScanTask\",phase=\"Succeeded\"} 2"));
}

TEST(OperatorMetricsTest, LeadershipIsShown) {
  OperatorMetrics metrics;
  EXPECT_THAT(metrics.Render(), HasSubstr("leader_election_master_status{name="
                                          "\"landwaiter-operator\"} 0"));
  metrics.SetLeader(true);
  EXPECT_THAT(metrics.Render(), HasSubstr("leader_election_master_status{name="
                                          "\"landwaiter-operator\"} 1"));
}

}  // namespace
}  // namespace landwaiter::metrics
