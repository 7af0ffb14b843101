#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "analyzer/service/server.h"
#include "analyzer/store/sqlite/store.h"
#include "core/base/hash.h"
#include "core/wire/layer_report.h"
#include "landwaiter/v1/control.grpc.pb.h"
#include "landwaiter/v1/work.grpc.pb.h"
#include "tests/support/certificates.h"

// The analyzer's services over real TLS on loopback.
namespace landwaiter::analyzer::service {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;

class NothingFound : public queue::Detector {
 public:
  absl::StatusOr<queue::Detection> Detect(
      const model::Inventory& inventory) override {
    queue::Detection detection;
    for (const auto& installed : inventory.packages) {
      detection.findings.push_back({.advisory = "A",
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
    NothingFound detector;
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

TEST_F(ServiceTest, AScanGoesFromTaskToFindings) {
  const std::string token = Prepare();
  v1::LeaseResponse leased;
  ASSERT_TRUE(Lease(token, leased).ok());
  ASSERT_EQ(leased.items_size(), 1);
  const v1::WorkItem& item = leased.items(0);
  EXPECT_EQ(item.lease().seconds(), 60);
  ASSERT_TRUE(Plan(token, item).ok());
  const std::string report = Report();
  ASSERT_TRUE(Submit(token, item, report, report.size()).ok());
  ASSERT_TRUE(Complete(token, item).ok());
  const v1::TaskStatus status = GetTask("t");
  EXPECT_EQ(status.phase(), v1::TASK_PHASE_SUCCEEDED);
  EXPECT_EQ(status.images().scanned(), 1u);
  ASSERT_EQ(status.top_size(), 1);
  EXPECT_EQ(status.top(0).package(), "p");
  auto request = WithTenant<v1::ListFindingsRequest>();
  request.set_registry_uid("r");
  v1::ListFindingsResponse findings;
  Call call;
  ASSERT_TRUE(Operator()->ListFindings(&call.context, request, &findings).ok());
  ASSERT_EQ(findings.findings_size(), 1);
  EXPECT_EQ(findings.findings(0).repository(), "app");
}

TEST_F(ServiceTest, ControlNeedsAClientCertificate) {
  v1::ListWorkResponse response;
  Call call;
  const auto stub = v1::ControlService::NewStub(Channel(ca_.CertificatePem()));
  EXPECT_EQ(stub->ListWork(&call.context, {}, &response).error_code(),
            StatusCode::UNAUTHENTICATED);
}

TEST_F(ServiceTest, ControlChecksTheCertificatesName) {
  const auto stub = v1::ControlService::NewStub(Channel(
      ca_.CertificatePem(), ca_.Issue({.common_name = "somebody",
                                       .subject_alt_names = {"DNS:other"}})));
  v1::ListWorkResponse response;
  Call call;
  EXPECT_EQ(stub->ListWork(&call.context, {}, &response).error_code(),
            StatusCode::PERMISSION_DENIED);
}

TEST_F(ServiceTest, ACertificateOfAnotherCaIsRefusedAtTheDoor) {
  const test::TestCa other("another CA");
  const auto stub = v1::ControlService::NewStub(
      Channel(ca_.CertificatePem(), OperatorCertificate(other)));
  v1::ListWorkResponse response;
  Call call("", absl::Seconds(3));
  const grpc::Status status = stub->ListWork(&call.context, {}, &response);
  EXPECT_THAT(
      status.error_code(),
      ::testing::AnyOf(StatusCode::UNAVAILABLE, StatusCode::DEADLINE_EXCEEDED));
}

TEST_F(ServiceTest, AClientThatTrustsAnotherCaDoesNotConnect) {
  const test::TestCa other("another CA");
  const auto stub = v1::AgentService::NewStub(Channel(other.CertificatePem()));
  v1::LeaseResponse response;
  Call call("x", absl::Seconds(3));
  EXPECT_FALSE(stub->Lease(&call.context, {}, &response).ok());
}

TEST_F(ServiceTest, AnAgentNeedsAToken) {
  Prepare();
  v1::LeaseResponse response;
  for (const char* token : {"", "nonsense", "a.b.c"}) {
    EXPECT_EQ(Lease(token, response).error_code(), StatusCode::UNAUTHENTICATED);
  }
}

TEST_F(ServiceTest, AnOperatorsCertificateIsNoToken) {
  Prepare();
  const auto stub = v1::AgentService::NewStub(
      Channel(ca_.CertificatePem(), OperatorCertificate(ca_)));
  v1::LeaseResponse response;
  Call call;
  EXPECT_EQ(stub->Lease(&call.context, {}, &response).error_code(),
            StatusCode::UNAUTHENTICATED);
}

TEST_F(ServiceTest, AnExpiredTokenIsRefused) {
  const std::string token = Prepare();
  clock_.Advance(absl::Minutes(16));
  v1::LeaseResponse response;
  EXPECT_EQ(Lease(token, response).error_code(), StatusCode::UNAUTHENTICATED);
}

TEST_F(ServiceTest, ATokenEndsWithItsRegistry) {
  const std::string token = Prepare();
  auto request = WithTenant<v1::DeleteRegistryRequest>();
  request.set_uid("r");
  v1::DeleteRegistryResponse deleted;
  Call call;
  ASSERT_TRUE(
      Operator()->DeleteRegistry(&call.context, request, &deleted).ok());
  v1::LeaseResponse response;
  EXPECT_EQ(Lease(token, response).error_code(), StatusCode::UNAUTHENTICATED);
}

TEST_F(ServiceTest, TheTokenOfAnotherRegistryReachesNothing) {
  const std::string token = Prepare();
  ApplyRegistry("other");
  ApplyTask("t2", "other");
  const std::string other = Token("other");
  v1::LeaseResponse leased;
  ASSERT_TRUE(Lease(token, leased).ok());
  EXPECT_EQ(Plan(other, leased.items(0)).error_code(),
            StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(
      Submit(other, leased.items(0), Report(), Report().size()).error_code(),
      StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Complete(other, leased.items(0)).error_code(),
            StatusCode::PERMISSION_DENIED);
}

TEST_F(ServiceTest, AHeartbeatRenewsAnAgeingTokenOfWhoHoldsALease) {
  const std::string token = Prepare();
  v1::LeaseResponse leased;
  ASSERT_TRUE(Lease(token, leased).ok());
  v1::HeartbeatRequest request;
  *request.add_leases() = Ref(leased.items(0));
  const auto beat = [&] {
    v1::HeartbeatResponse response;
    Call call(token);
    EXPECT_TRUE(Agent()->Heartbeat(&call.context, request, &response).ok());
    return response;
  };
  EXPECT_EQ(beat().renewed_token(), "");
  for (int i = 0; i < 9; ++i) {
    clock_.Advance(absl::Seconds(40));
    const v1::HeartbeatResponse response = beat();
    EXPECT_EQ(response.lost_item_ids_size(), 0);
    EXPECT_EQ(response.renewed_token().empty(), i < 7) << i;
  }
}

TEST_F(ServiceTest, AnOversizeMessageIsRefused) {
  const std::string token = Prepare();
  v1::SubmitListingRequest request;
  request.set_next_cursor(std::string(5 << 20, 'x'));
  v1::SubmitListingResponse response;
  Call call(token);
  EXPECT_EQ(
      Agent()->SubmitListing(&call.context, request, &response).error_code(),
      StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServiceTest, ACompressedMessageIsRefused) {
  const std::string token = Prepare();
  v1::SubmitListingRequest request;
  request.set_next_cursor(std::string(1 << 20, 'x'));
  v1::SubmitListingResponse response;
  Call call(token);
  call.context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  EXPECT_EQ(
      Agent()->SubmitListing(&call.context, request, &response).error_code(),
      StatusCode::UNIMPLEMENTED);
}

TEST_F(ServiceTest, NothingIsKeptOfAReportThatIsCutOrNotAsAnnounced) {
  const std::string token = Prepare();
  v1::LeaseResponse leased;
  ASSERT_TRUE(Lease(token, leased).ok());
  const v1::WorkItem& item = leased.items(0);
  ASSERT_TRUE(Plan(token, item).ok());
  const std::string report = Report();
  EXPECT_EQ(
      Submit(token, item, report, report.size(), /*cut=*/true).error_code(),
      StatusCode::CANCELLED);
  EXPECT_EQ(Submit(token, item, report, report.size() - 1).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Submit(token, item, report, report.size() + 1).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Submit(token, item, report, uint64_t{65} << 20).error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Submit(token, item, "no report", 9).error_code(),
            StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(Complete(token, item).error_code(),
            StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(Submit(token, item, report, report.size()).ok());
  EXPECT_TRUE(Complete(token, item).ok());
}

TEST_F(ServiceTest, AWorkingAgentOutlivesARestartOfTheAnalyzer) {
  const std::string token = Prepare();
  v1::LeaseResponse leased;
  ASSERT_TRUE(Lease(token, leased).ok());
  ASSERT_TRUE(Plan(token, leased.items(0)).ok());
  const std::string report = Report();
  StopAnalyzer();
  StartAnalyzer();
  ASSERT_TRUE(Submit(token, leased.items(0), report, report.size()).ok());
  StopAnalyzer();
  StartAnalyzer();
  ASSERT_TRUE(Complete(token, leased.items(0)).ok());
  EXPECT_EQ(GetTask("t").phase(), v1::TASK_PHASE_SUCCEEDED);
}

TEST_F(ServiceTest, AWatchTellsOfChangesAndEndsAtShutdown) {
  const auto stub = Operator();
  Call call;
  const auto reader = stub->WatchChanges(&call.context, {});
  v1::Change change;
  ASSERT_TRUE(reader->Read(&change));
  EXPECT_EQ(change.kind(), v1::CHANGE_KIND_WORK);
  EXPECT_EQ(change.uid(), "");
  Prepare();
  bool task_changed = false;
  while (!task_changed && reader->Read(&change)) {
    task_changed = change.kind() == v1::CHANGE_KIND_TASK &&
                   change.uid() == "t" &&
                   change.tenant().namespace_() == "team-a";
  }
  EXPECT_TRUE(task_changed);
  std::thread stopper([&] { analyzer_->server->Shutdown(); });
  while (reader->Read(&change)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::UNAVAILABLE);
  stopper.join();
}

TEST_F(ServiceTest, RotatedCertificatesAreTakenWithoutARestart) {
  const test::TestCa next("the next CA");
  WriteCertificates(next);
  bool connected = false;
  for (int i = 0; i < 50 && !connected; ++i) {
    const auto stub = v1::ControlService::NewStub(
        Channel(next.CertificatePem(), OperatorCertificate(next)));
    v1::ListWorkResponse response;
    Call call("", absl::Seconds(1));
    connected = stub->ListWork(&call.context, {}, &response).ok();
    if (!connected) absl::SleepFor(absl::Milliseconds(200));
  }
  EXPECT_TRUE(connected);
}

TEST_F(ServiceTest, CallsAreCounted) {
  v1::LeaseResponse response;
  (void)Lease("nonsense", response);
  const auto counts = analyzer_->calls.Counts();
  EXPECT_EQ(counts.at({"Lease", "UNAUTHENTICATED"}), 1u);
}

TEST(ServerTest, CertificatesThatAreNotThereAreNamed) {
  base::FakeClock clock;
  NothingFound detector;
  base::NoFailpoints failpoints;
  queue::ChangeFeed feed;
  auto store = *store::sqlite::OpenStore({});
  queue::Environment environment{.store = *store,
                                 .clock = clock,
                                 .failpoints = failpoints,
                                 .observer = feed,
                                 .detector = detector,
                                 .options = {}};
  queue::WorkQueue queue(environment);
  queue::TaskControl control(environment);
  auto tokens = *tokens::TokenAuthority::Open("", clock, {});
  CallLog calls;
  ServerOptions options;
  options.certificate_file = "/nonexistent/tls.crt";
  const auto server =
      Server::Start(options, {queue, control, feed, *tokens, clock, calls});
  EXPECT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(server.status().message()),
              HasSubstr("/nonexistent/tls.crt"));
}

}  // namespace
}  // namespace landwaiter::analyzer::service
