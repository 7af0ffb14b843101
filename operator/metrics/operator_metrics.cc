#include "operator/metrics/operator_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace landwaiter::metrics {
namespace {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using Outcome = manager::ControllerObserver::Outcome;

constexpr char kLeaseName[] = "landwaiter-operator";

// Of controller-runtime and client-go, coarser.
const Histogram::BucketBoundaries& ReconcileBuckets() {
  static const auto* const kBuckets = new Histogram::BucketBoundaries{
      0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
  return *kBuckets;
}
const Histogram::BucketBoundaries& QueueBuckets() {
  static const auto* const kBuckets = new Histogram::BucketBoundaries{
      1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000};
  return *kBuckets;
}

// The HTTP status that stands behind a client's error.
const char* CodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return "200";
    case absl::StatusCode::kInvalidArgument:
      return "422";
    case absl::StatusCode::kUnauthenticated:
      return "401";
    case absl::StatusCode::kPermissionDenied:
      return "403";
    case absl::StatusCode::kNotFound:
      return "404";
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return "409";
    case absl::StatusCode::kFailedPrecondition:
      return "410";
    case absl::StatusCode::kResourceExhausted:
      return "429";
    default:
      return "<error>";
  }
}

template <typename Builder>
auto& NewFamily(prometheus::Registry& registry, Builder builder,
                const char* name, const char* help) {
  return builder.Name(name).Help(help).Register(registry);
}

}  // namespace

struct OperatorMetrics::Impl {
  class Observer;

  prometheus::Registry registry;
  prometheus::Family<Counter>& reconciles =
      NewFamily(registry, prometheus::BuildCounter(),
                "controller_runtime_reconcile_total",
                "Reconciliations by controller and result.");
  prometheus::Family<Counter>& errors =
      NewFamily(registry, prometheus::BuildCounter(),
                "controller_runtime_reconcile_errors_total",
                "Reconciliations that failed.");
  prometheus::Family<Histogram>& reconcile_time =
      NewFamily(registry, prometheus::BuildHistogram(),
                "controller_runtime_reconcile_time_seconds",
                "Time of one reconciliation.");
  prometheus::Family<Gauge>& depth = NewFamily(
      registry, prometheus::BuildGauge(), "workqueue_depth", "Keys that wait.");
  prometheus::Family<Counter>& adds =
      NewFamily(registry, prometheus::BuildCounter(), "workqueue_adds_total",
                "Keys added.");
  prometheus::Family<Counter>& retries =
      NewFamily(registry, prometheus::BuildCounter(), "workqueue_retries_total",
                "Keys added again after a failure.");
  prometheus::Family<Histogram>& waited =
      NewFamily(registry, prometheus::BuildHistogram(),
                "workqueue_queue_duration_seconds", "Time that keys waited.");
  prometheus::Family<Histogram>& worked = NewFamily(
      registry, prometheus::BuildHistogram(), "workqueue_work_duration_seconds",
      "Time that keys were worked on.");
  prometheus::Family<Counter>& requests = NewFamily(
      registry, prometheus::BuildCounter(), "rest_client_requests_total",
      "Calls of the Kubernetes API by method and status.");
  prometheus::Family<Gauge>& objects =
      NewFamily(registry, prometheus::BuildGauge(), "landwaiter_objects",
                "Custom resources by kind and phase.");
  Gauge& leader =
      NewFamily(registry, prometheus::BuildGauge(),
                "leader_election_master_status", "1 while this process leads.")
          .Add({{"name", kLeaseName}});
  Gauge& connected = NewFamily(registry, prometheus::BuildGauge(),
                               "landwaiter_analyzer_connected",
                               "1 while the analyzer tells of changes.")
                         .Add({});
  Gauge& expiry = NewFamily(registry, prometheus::BuildGauge(),
                            "landwaiter_certificate_expiry_timestamp_seconds",
                            "When the operator's client certificate expires.")
                      .Add({});

  absl::Mutex mutex;
  std::vector<std::unique_ptr<manager::ControllerObserver>> observers
      ABSL_GUARDED_BY(mutex);
  // The phases that were set, by kind.
  std::map<std::string, std::map<std::string, Gauge*>> phases
      ABSL_GUARDED_BY(mutex);
};

class OperatorMetrics::Impl::Observer : public manager::ControllerObserver {
 public:
  Observer(Impl& impl, const std::string& name)
      : success_(
            impl.reconciles.Add({{"controller", name}, {"result", "success"}})),
        requeue_(impl.reconciles.Add(
            {{"controller", name}, {"result", "requeue_after"}})),
        error_(
            impl.reconciles.Add({{"controller", name}, {"result", "error"}})),
        errors_(impl.errors.Add({{"controller", name}})),
        time_(impl.reconcile_time.Add({{"controller", name}},
                                      ReconcileBuckets())),
        depth_(impl.depth.Add({{"name", name}})),
        adds_(impl.adds.Add({{"name", name}})),
        retries_(impl.retries.Add({{"name", name}})),
        waited_(impl.waited.Add({{"name", name}}, QueueBuckets())),
        worked_(impl.worked.Add({{"name", name}}, QueueBuckets())) {}

  void OnReconcile(Outcome outcome, absl::Duration took) override {
    switch (outcome) {
      case Outcome::kSuccess:
        success_.Increment();
        break;
      case Outcome::kRequeueAfter:
        requeue_.Increment();
        break;
      case Outcome::kError:
        error_.Increment();
        errors_.Increment();
        break;
    }
    time_.Observe(absl::ToDoubleSeconds(took));
  }
  void OnDepth(size_t keys) override { depth_.Set(static_cast<double>(keys)); }
  void OnAdd() override { adds_.Increment(); }
  void OnRetry() override { retries_.Increment(); }
  void OnGet(absl::Duration took) override {
    waited_.Observe(absl::ToDoubleSeconds(took));
  }
  void OnDone(absl::Duration took) override {
    worked_.Observe(absl::ToDoubleSeconds(took));
  }

 private:
  Counter& success_;
  Counter& requeue_;
  Counter& error_;
  Counter& errors_;
  Histogram& time_;
  Gauge& depth_;
  Counter& adds_;
  Counter& retries_;
  Histogram& waited_;
  Histogram& worked_;
};

OperatorMetrics::OperatorMetrics() : impl_(std::make_unique<Impl>()) {}
OperatorMetrics::~OperatorMetrics() = default;

manager::ControllerObserver* OperatorMetrics::ForController(
    std::string_view controller) {
  absl::MutexLock lock(&impl_->mutex);
  impl_->observers.push_back(
      std::make_unique<Impl::Observer>(*impl_, std::string(controller)));
  return impl_->observers.back().get();
}

void OperatorMetrics::SetLeader(bool leader) {
  impl_->leader.Set(leader ? 1 : 0);
}

void OperatorMetrics::CountRequest(std::string_view verb,
                                   const absl::Status& status) {
  impl_->requests.Add({{"method", std::string(verb)}, {"code", CodeOf(status)}})
      .Increment();
}

void OperatorMetrics::SetAnalyzerConnected(bool connected) {
  impl_->connected.Set(connected ? 1 : 0);
}

void OperatorMetrics::SetCertificateExpiry(absl::Time expiry) {
  impl_->expiry.Set(static_cast<double>(absl::ToUnixSeconds(expiry)));
}

void OperatorMetrics::SetPhases(
    std::string_view kind, const std::map<std::string, int64_t>& by_phase) {
  absl::MutexLock lock(&impl_->mutex);
  std::map<std::string, Gauge*>& known = impl_->phases[std::string(kind)];
  for (const auto& [phase, gauge] : known) gauge->Set(0);
  for (const auto& [phase, count] : by_phase) {
    Gauge*& gauge = known[phase];
    if (gauge == nullptr) {
      gauge =
          &impl_->objects.Add({{"kind", std::string(kind)}, {"phase", phase}});
    }
    gauge->Set(static_cast<double>(count));
  }
}

std::string OperatorMetrics::Render() const {
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace landwaiter::metrics
