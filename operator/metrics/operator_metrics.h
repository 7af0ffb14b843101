#ifndef LANDWAITER_OPERATOR_METRICS_OPERATOR_METRICS_H_
#define LANDWAITER_OPERATOR_METRICS_OPERATOR_METRICS_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "operator/manager/controller.h"

namespace landwaiter::metrics {

// The operator's metrics in Prometheus' text format; docs/operations.md lists
// them. Names are controller-runtime's and client-go's where those have one;
// ours begin with landwaiter_. No label has more values than the program has
// constants. Thread-safe.
class OperatorMetrics {
 public:
  OperatorMetrics();
  ~OperatorMetrics();

  // Of a controller by its name; lives as long as the metrics.
  manager::ControllerObserver* ForController(std::string_view controller);
  void SetLeader(bool leader);
  // A call of the Kubernetes API that ended so.
  void CountRequest(std::string_view verb, const absl::Status& status);
  void SetAnalyzerConnected(bool connected);
  void SetCertificateExpiry(absl::Time expiry);
  // How many objects of a kind are in each phase; phases that are not named
  // any more become 0.
  void SetPhases(std::string_view kind,
                 const std::map<std::string, int64_t>& by_phase);

  std::string Render() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace landwaiter::metrics

#endif  // LANDWAITER_OPERATOR_METRICS_OPERATOR_METRICS_H_
