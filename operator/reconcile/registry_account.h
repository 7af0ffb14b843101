#ifndef LANDWAITER_OPERATOR_RECONCILE_REGISTRY_ACCOUNT_H_
#define LANDWAITER_OPERATOR_RECONCILE_REGISTRY_ACCOUNT_H_

#include <string>

#include "operator/reconcile/account_discovery.h"
#include "operator/reconcile/context.h"
#include "operator/reconcile/status_writer.h"
#include "operator/reconcile/verification.h"

namespace landwaiter::reconcile {

// Finds the registries of a cloud account, by Jobs on its repository cluster,
// and keeps an ImageRegistry for each: made when the instance is found, kept as
// the template says, made again when somebody deletes it, and deleted when two
// complete listings in a row do not name the instance any more. All of them go
// with the account, since it owns them.
class RegistryAccountReconciler : public Reconciler {
 public:
  explicit RegistryAccountReconciler(const Context* context);
  absl::StatusOr<absl::Time> Reconcile(const kube::ObjectKey& key) override;

 private:
  struct Draft;

  // Each takes the next step; false: the steps after it do not apply.
  bool Accept(Draft& draft);
  bool Prepare(Draft& draft);
  void Discover(Draft& draft);
  void StartJobOf(Draft& draft);
  void RecordListing(Draft& draft, const Verification& last,
                     const std::string& fingerprint, DiscoveryCursor cursor,
                     const VerificationStep& step);
  // The ImageRegistries, as far as the instances are known.
  void Uphold(Draft& draft);

  const Context& context_;
  StatusWriter writer_;
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_REGISTRY_ACCOUNT_H_
