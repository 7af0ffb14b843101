#ifndef LANDWAITER_ANALYZER_SERVICE_SERVICE_FIXTURE_H_
#define LANDWAITER_ANALYZER_SERVICE_SERVICE_FIXTURE_H_

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "analyzer/service/server.h"
#include "analyzer/store/sqlite/store.h"
#include "core/base/hash.h"
#include "core/wire/layer_report.h"
#include "landwaiter/v1/control.grpc.pb.h"
#include "landwaiter/v1/work.grpc.pb.h"
#include "tests/support/certificates.h"

// For tests of the services over real TLS on loopback.
namespace landwaiter::analyzer::service {

// Says that every package has one flaw.
class LowDetector : public queue::Detector {
 public:
  absl::StatusOr<queue::Detection> Detect(
      const model::Inventory& inventory) override {
    queue::Detection detection;
    for (const auto& installed : inventory.packages) {
      detection.findings.push_back({.id = "A",
                                    .advisory = "A",
                                    .package = installed.package.name,
                                    .severity = model::Severity::kLow});
    }
    return detection;
  }
};

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest()
      : dir_(
            std::filesystem::path(::testing::TempDir()) /
            ("landwaiter-service-" + std::to_string(getpid()) + "-" +
             ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(dir_);
    std::filesystem::create_directories(dir_);
    WriteCertificates(ca_);
    StartAnalyzer();
  }
  ~ServiceTest() override {
    StopAnalyzer();
    std::filesystem::remove_all(dir_);
  }

  void Put(const std::string& name, const std::string& text) {
    std::ofstream(dir_ / name) << text;
  }
  void WriteCertificates(const test::TestCa& ca) {
    const test::CertificateAndKey leaf = ca.Issue();
    Put("tls.crt", leaf.certificate);
    Put("tls.key", leaf.key);
    Put("ca.crt", ca.CertificatePem());
  }

  // Everything but the files: what a killed analyzer loses.
  struct Analyzer {
    Analyzer(const std::filesystem::path& dir, base::FakeClock& clock)
        : store(*store::sqlite::OpenStore(
              {.path = dir / "store.db", .now = clock.Now()})),
          environment{.store = *store,
                      .clock = clock,
                      .failpoints = failpoints,
                      .observer = feed,
                      .detector = detector,
                      .options = {}},
          tokens(*tokens::TokenAuthority::Open(dir / "keys.json", clock, {})) {
      ServerOptions options;
      options.listen = "127.0.0.1:0";
      options.certificate_file = dir / "tls.crt";
      options.key_file = dir / "tls.key";
      options.client_ca_file = dir / "ca.crt";
      options.tls_reload = absl::Seconds(1);
      options.shutdown_grace = absl::Seconds(1);
      server = *Server::Start(options,
                              {queue, control, feed, *tokens, clock, calls});
    }
    base::NoFailpoints failpoints;
    queue::ChangeFeed feed;
    LowDetector detector;
    std::unique_ptr<store::Store> store;
    queue::Environment environment;
    queue::WorkQueue queue{environment};
    queue::TaskControl control{environment};
    std::unique_ptr<tokens::TokenAuthority> tokens;
    CallLog calls;
    std::unique_ptr<Server> server;
  };
  void StartAnalyzer() { analyzer_ = std::make_unique<Analyzer>(dir_, clock_); }
  void StopAnalyzer() { analyzer_.reset(); }

  std::shared_ptr<grpc::Channel> Channel(
      const std::string& ca, const test::CertificateAndKey& client = {}) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = ca;
    options.pem_cert_chain = client.certificate;
    options.pem_private_key = client.key;
    return grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(analyzer_->server->port()),
        grpc::SslCredentials(options));
  }
  std::unique_ptr<v1::ControlService::Stub> Operator() {
    return v1::ControlService::NewStub(
        Channel(ca_.CertificatePem(), OperatorCertificate(ca_)));
  }
  static test::CertificateAndKey OperatorCertificate(const test::TestCa& ca) {
    return ca.Issue({.common_name = "landwaiter-operator",
                     .subject_alt_names = {"DNS:landwaiter-operator"}});
  }
  std::unique_ptr<v1::AgentService::Stub> Agent() {
    return v1::AgentService::NewStub(Channel(ca_.CertificatePem()));
  }

  struct Call {
    explicit Call(const std::string& token = "",
                  absl::Duration deadline = absl::Seconds(20)) {
      context.set_deadline(std::chrono::system_clock::now() +
                           absl::ToChronoMilliseconds(deadline));
      if (!token.empty()) {
        context.AddMetadata("authorization", "Bearer " + token);
      }
    }
    grpc::ClientContext context;
  };

  template <typename Message>
  static Message WithTenant(const std::string& ns = "team-a") {
    Message message;
    message.mutable_tenant()->set_cluster_uid("uid");
    message.mutable_tenant()->set_namespace_(ns);
    return message;
  }
  void ApplyRegistry(const std::string& uid) {
    auto request = WithTenant<v1::ApplyRegistryRequest>();
    request.mutable_registry()->set_uid(uid);
    request.mutable_registry()->set_host(uid + ".example");
    v1::ApplyRegistryResponse response;
    Call call;
    const grpc::Status status =
        Operator()->ApplyRegistry(&call.context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  // A scan of one image by digest.
  void ApplyTask(const std::string& uid, const std::string& registry) {
    auto request = WithTenant<v1::ApplyTaskRequest>();
    v1::TaskSpec& task = *request.mutable_task();
    task.set_uid(uid);
    task.set_type(v1::TASK_TYPE_IMAGE_SCAN);
    task.add_registries(registry);
    task.mutable_timeout()->set_seconds(3600);
    task.mutable_scope()->add_images("app@" + model::Digest::Of("m").text());
    v1::TaskStatus response;
    Call call;
    const grpc::Status status =
        Operator()->ApplyTask(&call.context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }
  v1::TaskStatus GetTask(const std::string& uid) {
    auto request = WithTenant<v1::GetTaskRequest>();
    request.set_uid(uid);
    v1::TaskStatus response;
    Call call;
    EXPECT_TRUE(Operator()->GetTask(&call.context, request, &response).ok());
    return response;
  }
  std::string Token(const std::string& registry) {
    auto request = WithTenant<v1::IssueAgentTokenRequest>();
    request.set_cluster("cluster01");
    request.set_registry_uid(registry);
    v1::AgentToken response;
    Call call;
    const grpc::Status status =
        Operator()->IssueAgentToken(&call.context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.token();
  }
  // A registry with one image to scan, and a token for its agents.
  std::string Prepare() {
    ApplyRegistry("r");
    ApplyTask("t", "r");
    return Token("r");
  }
  grpc::Status Lease(const std::string& token, v1::LeaseResponse& response) {
    v1::LeaseRequest request;
    request.set_max_items(1);
    request.set_report_version(model::kLayerReportVersion);
    Call call(token);
    return Agent()->Lease(&call.context, request, &response);
  }
  static v1::LeaseRef Ref(const v1::WorkItem& item) {
    v1::LeaseRef lease;
    lease.set_item_id(item.id());
    *lease.mutable_fence() = item.fence();
    return lease;
  }
  grpc::Status Plan(const std::string& token, const v1::WorkItem& item) {
    v1::PlanImageRequest request;
    *request.mutable_lease() = Ref(item);
    request.set_manifest(model::Digest::Of("m").text());
    v1::LayerRef& layer = *request.add_layers();
    layer.mutable_blob()->set_digest(model::Digest::Of("layer").text());
    v1::PlanImageResponse response;
    Call call(token);
    return Agent()->PlanImage(&call.context, request, &response);
  }
  static std::string Report() {
    model::LayerReport report{.blob_digest = model::Digest::Of("layer"),
                              .diff_id = model::Digest::Of("diff")};
    report.extracts.push_back({.path = "var/lib/dpkg/status",
                               .extractor = "os/dpkg",
                               .extractor_version = 1,
                               .packages = {{.type = "deb", .name = "p"}}});
    return wire::SerializeLayerReport(report);
  }
  // `cut`: the client goes away before it is through.
  grpc::Status Submit(const std::string& token, const v1::WorkItem& item,
                      const std::string& bytes, uint64_t announced,
                      bool cut = false, size_t chunk = 64) {
    v1::SubmitLayerRequest first;
    *first.mutable_header()->mutable_lease() = Ref(item);
    first.mutable_header()->set_blob_digest(model::Digest::Of("layer").text());
    first.mutable_header()->set_size(announced);
    first.mutable_header()->set_sha256(base::Sha256Hex(bytes));
    Call call(token);
    v1::SubmitLayerResponse response;
    auto writer = Agent()->SubmitLayer(&call.context, &response);
    bool open = writer->Write(first);
    for (size_t at = 0; open && at < bytes.size(); at += chunk) {
      v1::SubmitLayerRequest next;
      next.set_chunk(bytes.substr(at, chunk));
      open = writer->Write(next);
      if (cut) {
        call.context.TryCancel();
        return writer->Finish();
      }
    }
    writer->WritesDone();
    return writer->Finish();
  }
  grpc::Status Complete(const std::string& token, const v1::WorkItem& item) {
    v1::CompleteRequest request;
    *request.mutable_lease() = Ref(item);
    v1::CompleteResponse response;
    Call call(token);
    return Agent()->Complete(&call.context, request, &response);
  }

  test::TestCa ca_;
  base::FakeClock clock_;
  std::filesystem::path dir_;
  std::unique_ptr<Analyzer> analyzer_;
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_SERVICE_FIXTURE_H_
