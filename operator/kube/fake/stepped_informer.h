#ifndef LANDWAITER_OPERATOR_KUBE_FAKE_STEPPED_INFORMER_H_
#define LANDWAITER_OPERATOR_KUBE_FAKE_STEPPED_INFORMER_H_

#include <memory>

#include "core/base/clock.h"
#include "operator/kube/fake/fake_kube_client.h"
#include "operator/kube/informer.h"

namespace landwaiter::kube {

// Drives an informer against the fake API server without a thread: each Step
// does what can be done now. For the simulation and tests of reconcilers.
class SteppedInformer {
 public:
  // All outlive it.
  SteppedInformer(FakeKubeClient* client, base::Clock* clock,
                  Informer* informer);
  ~SteppedInformer();

  // Lists, opens a watch, or delivers its events. Returns when to come again at
  // the latest; while a watch is open there may be events after any write.
  absl::Time Step();
  // Steps until nothing is left to do now.
  void Settle();

 private:
  bool PollWatch();
  absl::Status Deliver();

  FakeKubeClient* const client_;
  base::Clock* const clock_;
  Informer* const informer_;
  std::unique_ptr<FakeWatch> watch_;
  absl::Time watch_ends_;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_FAKE_STEPPED_INFORMER_H_
