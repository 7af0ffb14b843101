#include "operator/run/connector_endpoint.h"

#include <random>
#include <utility>

#include "core/base/log.h"
#include "operator/kube/http_client.h"
#include "operator/kube/stop.h"
#include "operator/run/remote_threads.h"

namespace landwaiter::run {
namespace {

constexpr absl::Duration kLook = absl::Seconds(1);
constexpr absl::Duration kIdentityLife = absl::Hours(24 * 90);
constexpr absl::Duration kIdentityRenewed = absl::Hours(24 * 30);
constexpr absl::Duration kTryAgain = absl::Seconds(10);

}  // namespace

ConnectorEndpoint::ConnectorEndpoint(std::string listen,
                                     connector::EnrolmentOptions options,
                                     kube::KubeClient* kube, base::Clock* clock,
                                     connector::TunnelHub::OnAttach on_attach)
    : listen_(std::move(listen)),
      enabled_(!options.address.empty()),
      clock_(clock),
      hub_(std::move(on_attach)),
      enrolment_(kube, clock, std::move(options),
                 [this](const std::string& uid) { hub_.End(uid); }) {
  if (!enabled_) return;
  thread_ = std::jthread([this](const std::stop_token& stop) {
    do Serve();
    while (kube::SleepUnlessStopped(stop, kLook));
  });
}

ConnectorEndpoint::~ConnectorEndpoint() { Stop(); }

void ConnectorEndpoint::SetCertificates(const certificates::KeyPair& signer,
                                        const std::string& ca) {
  enrolment_.SetSigner(signer, ca);
  absl::MutexLock lock(&mutex_);
  if (signer_ == signer && ca_ == ca) return;
  signer_ = signer;
  ca_ = ca;
  serve_anew_ = absl::InfinitePast();
}

void ConnectorEndpoint::Serve() {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_->Now();
  if (signer_.empty() || now < serve_anew_) return;
  serve_anew_ = now + kTryAgain;
  const auto identity =
      certificates::IssueLeaf(signer_,
                              {.common_name = "landwaiter-operator-connector",
                               .dns_names = {connector::kServerName},
                               .server = true},
                              now, kIdentityLife);
  if (!identity.ok()) {
    base::LogError("no certificate for connectors",
                   {{"error", identity.status().ToString()}});
    return;
  }
  server_.reset();  // the port
  auto server = connector::ConnectorServer::Start(listen_, *identity, ca_,
                                                  &enrolment_, &hub_);
  if (!server.ok()) {
    base::LogError("connectors are not served",
                   {{"error", server.status().ToString()}});
    return;
  }
  server_ = *std::move(server);
  serve_anew_ = now + kIdentityRenewed;
  base::LogInfo("connectors are served", {{"listen", listen_}});
}

manager::RemoteClient ConnectorEndpoint::Connect(
    const reconcile::LinkSpec& spec) {
  kube::HttpKubeOptions options = RemoteClientOptions();
  auto transport = [this, uid = spec.uid](absl::Duration idle)
      -> absl::StatusOr<std::unique_ptr<http::Client>> {
    return connector::NewTunnelClient(&hub_, uid, idle);
  };
  std::unique_ptr<http::Client> requests =
      connector::NewTunnelClient(&hub_, spec.uid, options.request_timeout);
  auto client = std::make_shared<kube::HttpKubeClient>(
      transport, std::move(requests), nullptr, options, clock_,
      std::random_device()());
  kube::HttpKubeClient* const raw = client.get();
  return manager::RemoteClient{std::move(client), [raw] { raw->Stop(); }};
}

void ConnectorEndpoint::Stop() {
  thread_ = std::jthread();  // joins
  absl::MutexLock lock(&mutex_);
  signer_ = {};
  server_.reset();
}

}  // namespace landwaiter::run
