#include "agent/submit/grpc_work_client.h"

#include <grpcpp/grpcpp.h>

#include <map>
#include <mutex>
#include <string>

#include "core/base/failure.h"
#include "core/wire/layer_report.h"
#include "core/wire/rpc_status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "landwaiter/v1/work.grpc.pb.h"
#include "tests/support/certificates.h"

namespace landwaiter::agent::submit {
namespace {

std::string Bearer(const grpc::ServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find("authorization");
  return found == metadata.end()
             ? ""
             : std::string(found->second.data(), found->second.size());
}

// An analyzer that remembers what it was told.
class FakeAnalyzer : public v1::AgentService::Service {
 public:
  grpc::Status Lease(grpc::ServerContext* context, const v1::LeaseRequest*,
                     v1::LeaseResponse* response) override {
    bearer = Bearer(*context);
    if (unavailable-- > 0) {
      return {grpc::StatusCode::UNAVAILABLE, "restarting"};
    }
    response->add_items()->set_id("one");
    return grpc::Status::OK;
  }
  grpc::Status Heartbeat(grpc::ServerContext*, const v1::HeartbeatRequest*,
                         v1::HeartbeatResponse* response) override {
    response->set_renewed_token("second");
    response->add_lost_item_ids("one");
    return grpc::Status::OK;
  }
  grpc::Status PlanImage(grpc::ServerContext*, const v1::PlanImageRequest*,
                         v1::PlanImageResponse*) override {
    return wire::ToGrpc(
        base::Failure(base::FailureCode::kUnsupportedPlatform, "windows"));
  }
  grpc::Status SubmitLayer(grpc::ServerContext*,
                           grpc::ServerReader<v1::SubmitLayerRequest>* reader,
                           v1::SubmitLayerResponse*) override {
    v1::SubmitLayerRequest message;
    chunks = 0;
    uploaded.clear();
    while (reader->Read(&message)) {
      if (message.has_header()) announced = message.header().size();
      if (!message.chunk().empty()) ++chunks;
      uploaded += message.chunk();
    }
    return grpc::Status::OK;
  }
  grpc::Status Complete(grpc::ServerContext*, const v1::CompleteRequest*,
                        v1::CompleteResponse*) override {
    return {grpc::StatusCode::ABORTED, "the fence is stale"};
  }

  std::string bearer;
  int unavailable = 0;
  std::string uploaded;
  uint64_t announced = 0;
  int chunks = 0;
};

class GrpcWorkClientTest : public testing::Test {
 protected:
  GrpcWorkClientTest() {
    const test::CertificateAndKey leaf = ca_.Issue();
    grpc::SslServerCredentialsOptions tls;
    tls.pem_key_cert_pairs = {{leaf.key, leaf.certificate}};
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(tls),
                             &port_);
    builder.RegisterService(&analyzer_);
    server_ = builder.BuildAndStart();
  }
  ~GrpcWorkClientTest() override { server_->Shutdown(); }

  std::unique_ptr<WorkClient> Client(const std::string& ca_pem) {
    auto client =
        NewGrpcWorkClient({.address = "127.0.0.1:" + std::to_string(port_),
                           .ca_pem = ca_pem,
                           .token = "first",
                           .retry_for = absl::Seconds(30)},
                          clock_);
    EXPECT_TRUE(client.ok()) << client.status();
    return *std::move(client);
  }

  test::TestCa ca_;
  base::FakeClock clock_;
  FakeAnalyzer analyzer_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(GrpcWorkClientTest, AHeartbeatRenewsTheToken) {
  auto client = Client(ca_.CertificatePem());
  ASSERT_TRUE(client->Lease(1).ok());
  EXPECT_EQ(analyzer_.bearer, "Bearer first");
  const auto reply = client->Heartbeat({{"one", {1, 1}}});
  ASSERT_TRUE(reply.ok());
  EXPECT_THAT(reply->lost, testing::ElementsAre("one"));
  ASSERT_TRUE(client->Lease(1).ok());
  EXPECT_EQ(analyzer_.bearer, "Bearer second");
}

TEST_F(GrpcWorkClientTest, ARestartOfTheAnalyzerIsWaitedOut) {
  analyzer_.unavailable = 3;
  const auto reply = Client(ca_.CertificatePem())->Lease(1);
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_GT(clock_.Slept(), absl::Milliseconds(500));
}

TEST_F(GrpcWorkClientTest, WaitingEnds) {
  analyzer_.unavailable = 1000;
  const auto reply = Client(ca_.CertificatePem())->Lease(1);
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_LE(clock_.Slept(), absl::Seconds(30));
}

TEST_F(GrpcWorkClientTest, ALargeReportTravelsInChunks) {
  model::LayerReport report;
  report.blob_digest = model::Digest::Of("b");
  report.diff_id = model::Digest::Of("d");
  model::FileExtract extract{.path = "p", .extractor = "os/dpkg"};
  for (int i = 0; i < 30'000; ++i) {
    extract.packages.push_back({.type = "deb",
                                .name = "package-" + std::to_string(100000 + i),
                                .version = std::string(60, '1')});
  }
  report.extracts = {extract};
  auto client = Client(ca_.CertificatePem());
  ASSERT_TRUE(client->SubmitLayer({"one", {1, 1}}, report).ok());
  EXPECT_EQ(analyzer_.uploaded, wire::SerializeLayerReport(report));
  EXPECT_EQ(analyzer_.announced, analyzer_.uploaded.size());
  EXPECT_GT(analyzer_.chunks, 2);
}

TEST_F(GrpcWorkClientTest, AStaleFenceIsAborted) {
  const absl::Status status =
      Client(ca_.CertificatePem())->Complete({"one", {1, 1}}, {});
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(clock_.Slept(), absl::ZeroDuration());
}

TEST_F(GrpcWorkClientTest, ARefusalKeepsItsFailureCode) {
  const auto plan =
      Client(ca_.CertificatePem())->PlanImage({"one", {1, 1}}, {});
  EXPECT_EQ(base::FailureCodeOf(plan.status()),
            base::FailureCode::kUnsupportedPlatform);
  EXPECT_EQ(plan.status().message(), "windows");
}

TEST_F(GrpcWorkClientTest, AnAnalyzerOfAnotherAuthorityIsNotSpokenTo) {
  const auto reply = Client(test::TestCa().CertificatePem())->Lease(1);
  EXPECT_EQ(reply.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(analyzer_.bearer, "");
}

TEST(NewGrpcWorkClientTest, RefusesToGoWithoutAnAuthority) {
  base::FakeClock clock;
  EXPECT_EQ(
      NewGrpcWorkClient({.address = "127.0.0.1:1"}, clock).status().code(),
      absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace landwaiter::agent::submit
