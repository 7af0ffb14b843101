#include "agent/worker/protocol.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"

namespace landwaiter::agent::worker {
namespace {

using base::FailureCode;

TEST(Protocol, ARequestComesBackAsItWas) {
  Request request;
  request.limits.entries = 7;
  request.limits.inflated_bytes = ~uint64_t{0} >> 1;
  request.limits.deadline = absl::Seconds(3);
  request.blob_digest = model::Digest::Of("x");
  const std::string bytes = EncodeRequest(request);
  const auto decoded = DecodeRequest(bytes);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(EncodeRequest(*decoded), bytes);
  EXPECT_EQ(decoded->limits.entries, 7u);
  EXPECT_EQ(decoded->limits.deadline, absl::Seconds(3));
  EXPECT_EQ(decoded->blob_digest, request.blob_digest);
}

TEST(Protocol, AnotherRequestIsRefused) {
  EXPECT_FALSE(DecodeRequest("").ok());
  EXPECT_FALSE(DecodeRequest(std::string(kRequestBytes, 'a')).ok());
}

TEST(Protocol, AReportComesBackAsItWas) {
  model::LayerReport report;
  report.blob_digest = model::Digest::Of("x");
  report.diff_id = model::Digest::Of("y");
  report.entries = 3;
  const auto decoded = DecodeReply(EncodeReply(report));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, report);
}

TEST(Protocol, AFailureKeepsItsCodeCauseAndMessage) {
  const auto decoded = DecodeReply(EncodeReply(
      base::Failure(FailureCode::kLimitExceeded, "it's too\nlarge", "ratio")));
  EXPECT_EQ(base::FailureCodeOf(decoded.status()), FailureCode::kLimitExceeded);
  EXPECT_EQ(base::FailureCauseOf(decoded.status()), "ratio");
  EXPECT_EQ(decoded.status().message(), "it's too?large");
}

TEST(Protocol, AnythingElseIsAWorkerThatCrashed) {
  for (const char* bytes :
       {"", "R\xff\xff", "x", "F", "FCorruptLayer", "FNoSuchCode\n\nx",
        // A worker has no credentials to judge.
        "FUnauthorized\n\ntry again with the password"}) {
    EXPECT_EQ(base::FailureCodeOf(DecodeReply(bytes).status()),
              FailureCode::kParserCrashed)
        << bytes;
  }
}

}  // namespace
}  // namespace landwaiter::agent::worker
