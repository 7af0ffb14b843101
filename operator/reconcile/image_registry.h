#ifndef LANDWAITER_OPERATOR_RECONCILE_IMAGE_REGISTRY_H_
#define LANDWAITER_OPERATOR_RECONCILE_IMAGE_REGISTRY_H_

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "operator/api/image_registry.h"
#include "operator/reconcile/context.h"
#include "operator/reconcile/registry_draft.h"
#include "operator/reconcile/status_writer.h"

namespace landwaiter::reconcile {

// The Secret of a namespace by name, from the cache.
kube::ObjectPtr FindSecret(const Context& context, const std::string& ns,
                           const std::string& name);
// What of the spec is not built yet, naming the field; empty: all is.
std::string NotImplementedIn(const api::ImageRegistry& registry);
// The registry as the analyzer needs to know it.
model::RegistrySpec SpecForAnalyzer(const api::ImageRegistry& registry);

// Connects a registry: tells the analyzer of it, resolves what it refers to,
// has the connection tried on the repository cluster, has it listed on an
// interval and on request, and shows in status what is known. Removes all of
// it when the object is deleted.
class ImageRegistryReconciler : public Reconciler {
 public:
  explicit ImageRegistryReconciler(const Context* context);
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

  // The analyzer may have forgotten what it was told. Thread-safe.
  void ForgetApplied();

 private:
  absl::StatusOr<absl::Time> ReconcileLive(const kube::Json& object);
  absl::Status CleanUp(const kube::Json& object);
  // Each takes the next step of the draft; false: the steps after it do not
  // apply, and the draft says why.
  bool Accept(RegistryDraft& draft);
  bool TellAnalyzer(RegistryDraft& draft);
  bool ResolveCluster(RegistryDraft& draft);
  bool ResolveCredentials(RegistryDraft& draft);

  const Context& context_;
  StatusWriter writer_;
  absl::Mutex mutex_;
  // By uid: what the analyzer was last told.
  std::map<std::string, std::string> applied_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_IMAGE_REGISTRY_H_
