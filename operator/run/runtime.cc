#include "operator/run/runtime.h"

#include <algorithm>
#include <random>
#include <utility>

#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"
#include "core/http/address_policy.h"
#include "nlohmann/json.hpp"
#include "operator/api/names.h"
#include "operator/kube/stop.h"
#include "operator/run/remote_threads.h"

namespace landwaiter::run {
namespace {

constexpr absl::Duration kSyncPoll = absl::Milliseconds(20);
constexpr absl::Duration kFirstReconnect = absl::Milliseconds(500);
constexpr absl::Duration kLastReconnect = absl::Seconds(5);

uint64_t RandomSeed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

}  // namespace

Runtime::Runtime(const config::OperatorConfig* config, kube::KubeClient* client,
                 base::Clock* clock, metrics::OperatorMetrics* metrics,
                 std::string identity)
    : config_(*config),
      client_(client),
      clock_(clock),
      metrics_(metrics),
      events_(client, clock,
              {.controller = "landwaiter.dev/operator",
               .instance = std::move(identity)}),
      analyzer_(config->analyzer),
      connectors_(config->connector_listen, config->connector, client, clock,
                  [this](const std::string& cluster) {
                    if (started_) operator_->ProbeCluster(cluster);
                  }) {}

Runtime::~Runtime() {
  for (std::jthread& thread : threads_) thread.request_stop();
  analyzer_.Stop();
  connectors_.Stop();
  if (certificate_controller_) certificate_controller_->queue().ShutDown();
  if (operator_) operator_->ShutDown();
  threads_.clear();    // joins
  lanes_.clear();      // what controllers left on them
  informers_.clear();  // ends the watches and joins
}

absl::Status Runtime::Start() {
  // The control cluster's name, as far as it has one: it separates tenants.
  LANDWAITER_ASSIGN_OR_RETURN(
      const kube::Json system,
      client_->Get(kube::kNamespaces, {"", "kube-system"}));
  StartCertificates();
  StartOperator(kube::UidOf(system));
  threads_.emplace_back([this](std::stop_token stop) { events_.Run(stop); });
  started_ = true;
  return absl::OkStatus();
}

void Runtime::StartCertificates() {
  certificates_ = std::make_unique<certificates::CertificateReconciler>(
      client_, clock_, config_.certificates,
      [this](const certificates::OperatorCertificates& ready) {
        OnCertificates(ready);
      });
  certificate_controller_ = std::make_unique<manager::Controller>(
      "certificates", certificates_.get(), clock_,
      metrics_->ForController("certificates"));
  // Whoever changes or deletes one of the Secrets wakes the reconciler.
  std::vector<std::string> names = {config_.certificates.operator_secret};
  if (config_.certificates.issue) {
    names.push_back(config_.certificates.ca_secret);
    names.push_back(config_.certificates.analyzer_secret);
  } else if (!config_.certificates.connector_ca_secret.empty()) {
    names.push_back(config_.certificates.connector_ca_secret);
  }
  kube::WorkQueue* const queue = &certificate_controller_->queue();
  const auto wake = [queue] {
    queue->Add(certificates::CertificateReconciler::Key());
  };
  for (const std::string& name : names) {
    kube::Reflector::Options options{.type = kube::kSecrets,
                                     .ns = config_.certificates.ns};
    options.field_selector = base::StrCat("metadata.name=", name);
    certificate_informers_.push_back(
        std::make_unique<kube::Informer>(std::move(options), RandomSeed()));
    certificate_informers_.back()->AddHandler(
        {.on_add = [wake](const kube::ObjectPtr&) { wake(); },
         .on_update = [wake](const kube::ObjectPtr&,
                             const kube::ObjectPtr&) { wake(); },
         .on_delete = [wake](const kube::ObjectPtr&) { wake(); }});
    informers_.push_back(std::make_unique<kube::InformerRunner>(
        client_, clock_, certificate_informers_.back().get()));
  }
  wake();
  threads_.emplace_back([this] { certificate_controller_->Run(nullptr); });
}

void Runtime::StartOperator(const std::string& cluster_uid) {
  manager::OperatorOptions options;
  options.kube = client_;
  options.analyzer = &analyzer_;
  options.advisories = &analyzer_;
  options.own_namespace = config_.ns;
  options.clock = clock_;
  options.failpoints = &failpoints_;
  options.events = &events_;
  options.settings = config_.settings;
  options.settings.cluster_uid = cluster_uid;
  options.namespaces = config_.namespaces;
  options.analyzer_ca = [this] { return AnalyzerCa(); };
  options.observer = [this](std::string_view name) {
    return metrics_->ForController(name);
  };
  options.remote = RemoteLinks();
  options.enrolments = &connectors_.enrolment();
  options.seed = RandomSeed();
  operator_ = std::make_unique<manager::Operator>(std::move(options));
  for (kube::Informer* informer : operator_->informers()) {
    informers_.push_back(
        std::make_unique<kube::InformerRunner>(client_, clock_, informer));
  }
  for (manager::Controller* controller : operator_->controllers()) {
    lanes_.push_back(std::make_unique<Lanes>());
    threads_.emplace_back(
        [this, controller, lanes = lanes_.back().get()](std::stop_token stop) {
          RunWhenSynced(stop, controller, lanes);
        });
  }
  threads_.emplace_back([this](std::stop_token stop) { WatchAnalyzer(stop); });
}

manager::RemoteOptions Runtime::RemoteLinks() {
  manager::RemoteOptions options;
  options.connect = [this](const reconcile::LinkSpec& spec)
      -> absl::StatusOr<manager::RemoteClient> {
    if (spec.type == "Connector") return connectors_.Connect(spec);
    LANDWAITER_ASSIGN_OR_RETURN(
        const http::AddressPolicy addresses,
        http::NewAddressPolicy(config_.cluster_addresses,
                               "clusters.allowedAddresses in the operator's "
                               "configuration"));
    return ConnectByKubeconfig(spec, addresses, clock_);
  };
  options.drive = [this](manager::RemoteCluster* cluster) {
    return DriveRemote(cluster, clock_);
  };
  return options;
}

void Runtime::RunWhenSynced(const std::stop_token& stop,
                            manager::Controller* controller, Lanes* lanes) {
  while (!operator_->HasSynced()) {
    if (!kube::SleepUnlessStopped(stop, kSyncPoll)) return;
  }
  controller->Run([lanes](const std::string& lane, std::function<void()> work) {
    lanes->Do(lane, std::move(work));
  });
}

void Runtime::OnCertificates(const certificates::OperatorCertificates& ready) {
  {
    absl::MutexLock lock(&mutex_);
    analyzer_ca_ = ready.ca;
  }
  analyzer_.SetCredentials(
      {ready.ca, ready.client.certificate, ready.client.key});
  connectors_.SetCertificates(ready.signer, ready.signer_ca);
  const auto validity = certificates::ReadValidity(ready.client.certificate);
  if (validity.ok()) metrics_->SetCertificateExpiry(validity->until);
}

std::string Runtime::AnalyzerCa() const {
  absl::MutexLock lock(&mutex_);
  return analyzer_ca_;
}

// Passes on the analyzer's changes, connecting again whenever it breaks.
void Runtime::WatchAnalyzer(const std::stop_token& stop) {
  absl::Duration wait = kFirstReconnect;
  bool connected = false;
  do {
    const absl::Status ended =
        analyzer_.WatchChanges([&](const model::Change& change) {
          if (!connected) {
            base::LogInfo("analyzer connected",
                          {{"address", config_.analyzer.address}});
            metrics_->SetAnalyzerConnected(true);
            connected = true;
            wait = kFirstReconnect;
          }
          operator_->OnChange(change);
          return !stop.stop_requested();
        });
    if (connected && !stop.stop_requested()) {
      base::LogWarning("analyzer connection lost",
                       {{"error", ended.ToString()}});
    }
    connected = false;
    metrics_->SetAnalyzerConnected(false);
    if (!kube::SleepUnlessStopped(stop, wait)) return;
    wait = std::min(wait * 2, kLastReconnect);
  } while (!stop.stop_requested());
}

bool Runtime::IsReady() const { return started_ && operator_->HasSynced(); }

void Runtime::UpdateMetrics() const {
  if (!started_) return;
  for (const auto& [kind, phases] : operator_->CountPhases()) {
    metrics_->SetPhases(kind, phases);
  }
}

}  // namespace landwaiter::run
