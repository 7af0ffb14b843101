#include "core/base/clock.h"
#include "operator/kube/contract_server.h"
#include "operator/kube/fake/fake_kube_client.h"

namespace landwaiter::kube {

KubeClient* ContractServer() {
  static base::FakeClock* const clock = new base::FakeClock();
  static FakeKubeClient* const server = new FakeKubeClient(clock);
  return server;
}

std::string NewNamespace(KubeClient&) {
  static int count = 0;
  return "test-" + std::to_string(count++);
}

}  // namespace landwaiter::kube
