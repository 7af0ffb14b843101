#ifndef LANDWAITER_OPERATOR_RECONCILE_CONTEXT_H_
#define LANDWAITER_OPERATOR_RECONCILE_CONTEXT_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/base/clock.h"
#include "core/base/failpoint.h"
#include "core/model/task.h"
#include "operator/analyzer/control_client.h"
#include "operator/jobs/job_builder.h"
#include "operator/kube/client.h"
#include "operator/kube/event_recorder.h"
#include "operator/kube/object.h"

namespace landwaiter::reconcile {

class Clusters;
class ConnectorEnrolments;

// The informers' copies of what the operator watches. Thread-safe; may lag
// behind the API server, so whoever acts on it must be safe when it is old:
// deterministic names, resourceVersions, idempotent calls.
class Cache {
 public:
  virtual ~Cache() = default;
  // nullptr if there is none.
  virtual kube::ObjectPtr Get(const kube::ResourceType& type,
                              const kube::ObjectKey& key) const = 0;
  // Ordered by key.
  virtual std::vector<kube::ObjectPtr> List(const kube::ResourceType& type,
                                            std::string_view ns) const = 0;
};

// What the analyzer last said about work. Thread-safe.
class WorkBoard {
 public:
  virtual ~WorkBoard() = default;
  // What a registry's agents have to do; nothing if it is not known.
  virtual model::RegistryWork Get(const model::Tenant& tenant,
                                  const std::string& registry_uid) const = 0;
};

// From the operator's configuration; fixed while it runs.
struct Settings {
  std::string cluster_uid;  // of the control cluster: names the tenant
  jobs::ScanComponent component;
  // Namespaces that scan pods may be in; the first is the default. Never
  // empty.
  std::vector<std::string> scan_namespaces;
  std::vector<std::string> priority_classes;  // that podTemplate may name
  // A registry that can be used is tried again so often.
  absl::Duration verify_interval = absl::Hours(6);
};

// What reconcilers work with. All outlive them.
struct Context {
  kube::KubeClient* kube = nullptr;
  control::ControlClient* analyzer = nullptr;
  base::Clock* clock = nullptr;
  base::Failpoints* failpoints = nullptr;
  kube::EventRecorder* events = nullptr;
  const Cache* cache = nullptr;
  const WorkBoard* work = nullptr;
  const Settings* settings = nullptr;
  // Links to other clusters; null: there are none.
  Clusters* clusters = nullptr;
  // Null: clusters of type Connector cannot be used.
  ConnectorEnrolments* enrolments = nullptr;
  // PEM bundle that scan pods verify the analyzer with; empty while there is
  // none.
  std::function<std::string()> analyzer_ca;
};

// Brings one object closer to what it asks for. Level-triggered: it looks at
// all there is, whatever made it run, and may be stopped anywhere.
class Reconciler {
 public:
  virtual ~Reconciler() = default;
  // When to look again if nothing happens before; InfiniteFuture: never. An
  // error asks for another try with back-off.
  virtual absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) = 0;
};

inline model::Tenant TenantOf(const Settings& settings, std::string_view ns) {
  return {settings.cluster_uid, std::string(ns)};
}

// Whether the error may go away by itself.
bool IsTransient(const absl::Status& status);

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_CONTEXT_H_
