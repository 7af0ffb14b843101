// What a peer cannot do to the analyzer (decision 17, gRPC's limits).
#include <gmock/gmock.h>

#include "analyzer/service/service_fixture.h"
#include "core/base/failure.h"
#include "core/wire/rpc_status.h"

namespace landwaiter::analyzer::service {
namespace {

using grpc::StatusCode;

using LimitsTest = ServiceTest;

TEST_F(LimitsTest, MetadataPastTheLimitIsRefusedAndOthersAreServed) {
  const std::string token = Prepare();
  v1::LeaseRequest request;
  request.set_max_items(1);
  request.set_report_version(model::kLayerReportVersion);
  v1::LeaseResponse response;
  Call call(token);
  call.context.AddMetadata("x-much", std::string(40 << 10, 'x'));
  EXPECT_EQ(Agent()->Lease(&call.context, request, &response).error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Lease(token, response).ok());
  EXPECT_EQ(response.items_size(), 1);
}

TEST_F(LimitsTest, ABombIsRefusedByItsEncodingWithoutBeingInflated) {
  const std::string token = Prepare();
  // 256 MiB that are 260 KB on the wire.
  v1::SubmitLayerRequest bomb;
  bomb.set_chunk(std::string(256 << 20, '\0'));
  for (const auto algorithm : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    Call call(token);
    call.context.set_compression_algorithm(algorithm);
    v1::SubmitLayerResponse response;
    auto writer = Agent()->SubmitLayer(&call.context, &response);
    writer->Write(bomb);
    writer->WritesDone();
    EXPECT_EQ(writer->Finish().error_code(), StatusCode::UNIMPLEMENTED);
  }
}

TEST_F(LimitsTest, AChunkPastTheMessageLimitIsRefused) {
  const std::string token = Prepare();
  v1::LeaseResponse leased;
  ASSERT_TRUE(Lease(token, leased).ok());
  ASSERT_TRUE(Plan(token, leased.items(0)).ok());
  const std::string bytes(5 << 20, 'x');
  EXPECT_EQ(
      Submit(token, leased.items(0), bytes, bytes.size(), false, bytes.size())
          .error_code(),
      StatusCode::RESOURCE_EXHAUSTED);
  // Within the message limit, past that of a chunk.
  EXPECT_EQ(Submit(token, leased.items(0), bytes, bytes.size(), false, 2 << 20)
                .error_code(),
            StatusCode::INVALID_ARGUMENT);
}

TEST_F(LimitsTest, ARefusalSaysWhichOfOurCodesItIs) {
  const std::string token = Prepare();
  v1::LeaseResponse leased;
  ASSERT_TRUE(Lease(token, leased).ok());
  v1::PlanImageRequest request;
  *request.mutable_lease() = Ref(leased.items(0));
  request.set_manifest(model::Digest::Of("m").text());
  request.mutable_config()->mutable_platform()->set_os("windows");
  v1::PlanImageResponse response;
  Call call(token);
  const absl::Status status =
      wire::FromGrpc(Agent()->PlanImage(&call.context, request, &response));
  EXPECT_EQ(base::FailureCodeOf(status),
            base::FailureCode::kUnsupportedPlatform)
      << status;
}

}  // namespace
}  // namespace landwaiter::analyzer::service
