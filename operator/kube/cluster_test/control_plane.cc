#include "operator/kube/cluster_test/control_plane.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/failure.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

constexpr absl::Duration kStart = absl::Minutes(2);

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::trunc) << text;
}

std::string Local(uint16_t port) {
  return absl::StrCat("http://127.0.0.1:", port);
}

}  // namespace

bool ControlPlane::CanStart() {
  return !test::FindTool("etcd").empty() &&
         !test::FindTool("kube-apiserver").empty();
}

ControlPlane::ControlPlane(std::string directory,
                           std::vector<std::string> arguments)
    : directory_(std::move(directory)), arguments_(std::move(arguments)) {}

ControlPlane::~ControlPlane() {
  api_server_.Kill();
  etcd_.Kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

absl::StatusOr<std::unique_ptr<ControlPlane>> ControlPlane::Start(
    std::vector<std::string> api_server_arguments) {
  std::string path =
      std::filesystem::temp_directory_path() / "landwaiter-kube-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) return absl::InternalError("mkdtemp");
  std::unique_ptr<ControlPlane> plane(
      new ControlPlane(path, std::move(api_server_arguments)));
  plane->WriteFiles();
  LANDWAITER_RETURN_IF_ERROR(plane->StartEtcd());
  LANDWAITER_RETURN_IF_ERROR(plane->StartApiServer());
  return plane;
}

void ControlPlane::WriteFiles() const {
  WriteFile(File("ca.crt"), ca_.CertificatePem());
  const test::CertificateAndKey serving = ca_.Issue();
  WriteFile(File("serving.crt"), serving.certificate);
  WriteFile(File("serving.key"), serving.key);
  const test::CertificateAndKey account = ca_.Issue();
  WriteFile(File("service-account.crt"), account.certificate);
  WriteFile(File("service-account.key"), account.key);
  WriteFile(File("tokens.csv"),
            absl::StrCat(token_, ",admin,admin,system:masters\n"));
}

void ControlPlane::SetToken(const std::string& token) {
  token_ = token;
  WriteFile(File("tokens.csv"),
            absl::StrCat(token_, ",admin,admin,system:masters\n"));
}

absl::Status ControlPlane::StartEtcd() {
  etcd_port_ = test::FreePort();
  const std::string client = Local(etcd_port_);
  const std::string peer = Local(test::FreePort());
  LANDWAITER_ASSIGN_OR_RETURN(
      etcd_,
      test::Process::Start(
          {test::FindTool("etcd"), "--name=test", "--data-dir=" + File("etcd"),
           "--listen-client-urls=" + client,
           "--advertise-client-urls=" + client, "--listen-peer-urls=" + peer,
           "--initial-advertise-peer-urls=" + peer,
           "--initial-cluster=test=" + peer, "--unsafe-no-fsync",
           "--log-level=warn"},
          File("etcd.log")));
  return absl::OkStatus();
}

absl::Status ControlPlane::StartApiServer() {
  if (api_port_ == 0) api_port_ = test::FreePort();
  std::vector<std::string> arguments = {
      test::FindTool("kube-apiserver"), "--etcd-servers=" + Local(etcd_port_),
      "--bind-address=127.0.0.1", absl::StrCat("--secure-port=", api_port_),
      "--tls-cert-file=" + File("serving.crt"),
      "--tls-private-key-file=" + File("serving.key"),
      "--client-ca-file=" + File("ca.crt"),
      "--token-auth-file=" + File("tokens.csv"),
      "--service-account-key-file=" + File("service-account.crt"),
      "--service-account-signing-key-file=" + File("service-account.key"),
      "--service-account-issuer=https://kubernetes.default.svc",
      "--service-cluster-ip-range=10.96.0.0/16", "--authorization-mode=RBAC",
      // A Service endpoint cannot be loopback; nobody uses it here.
      "--advertise-address=192.0.2.1"};
  arguments.insert(arguments.end(), arguments_.begin(), arguments_.end());
  LANDWAITER_ASSIGN_OR_RETURN(
      api_server_, test::Process::Start(arguments, File("kube-apiserver.log")));
  return AwaitReady();
}

absl::Status ControlPlane::AwaitReady() {
  const auto client = NewClient({.retries = 0});
  const absl::Time end = absl::Now() + kStart;
  absl::Status status;
  while (absl::Now() < end) {
    status = client->GetRaw("/readyz").status();
    if (status.ok()) return status;
    if (!api_server_.Running()) {
      return absl::InternalError(
          absl::StrCat("the API server ended: ", Tail("kube-apiserver.log")));
    }
    clock_.Sleep(absl::Milliseconds(100));
  }
  return base::WithContext(status, "the API server did not get ready");
}

std::string ControlPlane::Tail(const std::string& name) const {
  std::ifstream file(File(name));
  std::string text(std::istreambuf_iterator<char>(file), {});
  return text.substr(text.size() - std::min<size_t>(text.size(), 2000));
}

ClusterConfig ControlPlane::ConfigThrough(uint16_t port) const {
  ClusterConfig config;
  config.server = {
      .scheme = "https", .host = "127.0.0.1", .port = port, .target = ""};
  config.tls.ca_pem = ca_.CertificatePem();
  config.token = std::make_shared<StaticToken>(token_);
  return config;
}

std::unique_ptr<HttpKubeClient> ControlPlane::NewClient(
    HttpKubeOptions options) {
  auto client = NewHttpKubeClient(Config(), std::move(options), &clock_, 1);
  return client.ok() ? *std::move(client) : nullptr;
}

absl::Status ControlPlane::Compact(const std::string& revision) {
  LANDWAITER_ASSIGN_OR_RETURN(http::Url url,
                              http::Url::Parse(Local(etcd_port_)));
  LANDWAITER_ASSIGN_OR_RETURN(std::unique_ptr<http::Client> client,
                              http::NewClient({.base = url}));
  const Json body = {{"revision", revision}, {"physical", true}};
  LANDWAITER_ASSIGN_OR_RETURN(
      http::Response response,
      client->Send({.method = "POST",
                    .target = "/v3/kv/compaction",
                    .body = body.dump(),
                    .content_type = "application/json"}));
  if (response.status == 200) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("etcd answered ", response.status, " ", response.body));
}

}  // namespace landwaiter::kube
