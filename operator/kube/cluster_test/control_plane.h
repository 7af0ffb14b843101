#ifndef LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_CONTROL_PLANE_H_
#define LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_CONTROL_PLANE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/base/clock.h"
#include "operator/kube/config/config.h"
#include "operator/kube/http_client.h"
#include "tests/support/certificates.h"
#include "tests/support/process.h"

namespace landwaiter::kube {

// etcd and kube-apiserver, no controllers and no node: a Kubernetes API that a
// test owns. On free ports of 127.0.0.1, with its state in a directory of its
// own; both go with it.
class ControlPlane {
 public:
  // Whether `./dev setup` has built what is needed.
  static bool CanStart();
  // Returns when the API server is ready.
  static absl::StatusOr<std::unique_ptr<ControlPlane>> Start(
      std::vector<std::string> api_server_arguments = {});
  ~ControlPlane();

  // The administrator's, with a bearer token; straight, or by way of a port.
  ClusterConfig Config() const { return ConfigThrough(api_port_); }
  ClusterConfig ConfigThrough(uint16_t port) const;
  // A client certificate of the user `name`, who may do nothing.
  test::CertificateAndKey IssueClient(const std::string& name) const {
    return ca_.Issue({.common_name = name});
  }
  std::unique_ptr<HttpKubeClient> NewClient(HttpKubeOptions options = {});

  // kill -9; then, started again, returns when it is ready.
  void KillApiServer() { api_server_.Kill(); }
  absl::Status StartApiServer();
  // What the API server knows the administrator by, from its next start.
  void SetToken(const std::string& token);
  // Makes etcd forget what was before the revision (a resourceVersion).
  absl::Status Compact(const std::string& revision);

  uint16_t api_port() const { return api_port_; }
  const std::string& directory() const { return directory_; }

 private:
  ControlPlane(std::string directory, std::vector<std::string> arguments);
  absl::Status StartEtcd();
  absl::Status AwaitReady();
  void WriteFiles() const;
  // The end of a log.
  std::string Tail(const std::string& name) const;
  std::string File(const std::string& name) const {
    return directory_ + "/" + name;
  }

  const std::string directory_;
  const std::vector<std::string> arguments_;
  const test::TestCa ca_;
  base::RealClock clock_;
  uint16_t etcd_port_ = 0;
  uint16_t api_port_ = 0;
  std::string token_ = "admin-token";
  test::Process etcd_;
  test::Process api_server_;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CLUSTER_TEST_CONTROL_PLANE_H_
