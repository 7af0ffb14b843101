#ifndef LANDWAITER_OPERATOR_KUBE_INFORMER_RUNNER_H_
#define LANDWAITER_OPERATOR_KUBE_INFORMER_RUNNER_H_

#include <stop_token>
#include <thread>

#include "core/base/clock.h"
#include "operator/kube/client.h"
#include "operator/kube/informer.h"

namespace landwaiter::kube {

// A thread that drives an informer from construction to destruction, which
// ends the watch and waits for the thread. Failures of the API server are
// logged here, once until it works again.
class InformerRunner {
 public:
  // All outlive the runner.
  InformerRunner(KubeClient* client, base::Clock* clock, Informer* informer);
  ~InformerRunner();

 private:
  void Run(std::stop_token stop);
  void Step(std::stop_token stop);
  void LogChange();

  KubeClient* const client_;
  base::Clock* const clock_;
  Informer* const informer_;
  bool failing_ = false;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_INFORMER_RUNNER_H_
