#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <thread>

#include "analyzer/service/service_fixture.h"

// The analyzer's services over real TLS on loopback.
namespace landwaiter::analyzer::service {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;

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
  LowDetector detector;
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
