#ifndef LANDWAITER_OPERATOR_RECONCILE_ADVISORY_DATABASE_H_
#define LANDWAITER_OPERATOR_RECONCILE_ADVISORY_DATABASE_H_

#include <string>

#include "core/model/advisories.h"
#include "operator/analyzer/advisory_client.h"
#include "operator/reconcile/context.h"
#include "operator/reconcile/status_writer.h"

namespace landwaiter::reconcile {

// What the object asks for; the content of ConfigMaps is still missing.
// INVALID_ARGUMENT names the first field that is not as the schema says.
absl::StatusOr<model::AdvisorySettings> AdvisorySettingsOf(
    const kube::Json& object);

// The whole status of an object whose feeds the analyzer uses.
kube::Json AdvisoryStatus(const kube::Json& object,
                          const model::AdvisoriesStatus& status,
                          absl::Duration interval, absl::Time now);

// Tells the analyzer which feeds to use, and shows how they are. Without the
// object the analyzer uses those of its own configuration.
class AdvisoryDatabaseReconciler : public Reconciler {
 public:
  // Both outlive it. Only objects in `ns`, the release's namespace, count.
  AdvisoryDatabaseReconciler(const Context* context,
                             control::AdvisoryClient* advisories,
                             std::string ns);
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

 private:
  absl::StatusOr<absl::Time> Refuse(const kube::Json& object,
                                    std::string_view reason,
                                    std::string_view message);
  // Reads the ConfigMaps that the object names.
  absl::Status AddFiles(const kube::Json& object,
                        model::AdvisorySettings& settings);
  void TellNews(const kube::Json& object,
                const model::AdvisoriesStatus& status);

  const Context& context_;
  control::AdvisoryClient* const advisories_;
  const std::string ns_;
  StatusWriter writer_;
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_ADVISORY_DATABASE_H_
