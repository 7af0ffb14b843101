#include "core/wire/rpc_status.h"

#include <gtest/gtest.h>

#include "core/base/failure.h"
#include "landwaiter/v1/error.pb.h"
#include "landwaiter/v1/work.pb.h"

namespace landwaiter::wire {
namespace {

using base::FailureCode;

std::string DetailsWith(const std::string& code, const std::string& cause) {
  v1::Failure failure;
  failure.set_code(code);
  failure.set_cause(cause);
  v1::ErrorStatus error;
  error.add_details()->PackFrom(v1::LeaseRef());  // what we do not look for
  error.add_details()->PackFrom(failure);
  return error.SerializeAsString();
}

TEST(RpcStatusTest, CodeCauseAndRetryAfterArrive) {
  const absl::Status sent = base::WithRetryAfter(
      base::Failure(FailureCode::kLimitExceeded, "too long", "path"),
      absl::Seconds(7));
  const absl::Status got = FromGrpc(ToGrpc(sent));
  EXPECT_EQ(got, sent);
  EXPECT_EQ(base::FailureCauseOf(got), "path");
  EXPECT_EQ(base::RetryAfterOf(got), absl::Seconds(7));
}

TEST(RpcStatusTest, CodesOfOneCanonicalCodeStayApart) {
  for (const FailureCode code :
       {FailureCode::kUnsupportedMedia, FailureCode::kUnsupportedPlatform}) {
    const absl::Status got = FromGrpc(ToGrpc(base::Failure(code, "no")));
    EXPECT_EQ(got.code(), absl::StatusCode::kUnimplemented);
    EXPECT_EQ(base::FailureCodeOf(got), code);
  }
}

TEST(RpcStatusTest, AStatusWithoutACodeHasNoDetails) {
  const absl::Status sent = absl::AbortedError("the fence is stale");
  const grpc::Status on_wire = ToGrpc(sent);
  EXPECT_EQ(on_wire.error_details(), "");
  EXPECT_EQ(FromGrpc(on_wire), sent);
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpc(grpc::Status::OK).ok());
}

TEST(RpcStatusTest, DetailsThatContradictTheStatusAreLeftOut) {
  const grpc::Status on_wire(grpc::StatusCode::ABORTED, "stale",
                             DetailsWith("NotFound", ""));
  EXPECT_EQ(FromGrpc(on_wire), absl::AbortedError("stale"));
}

TEST(RpcStatusTest, DetailsThatCannotBeUsedAreLeftOut) {
  for (const std::string& details :
       {std::string("\xff\xff\xff"), std::string("text"),
        DetailsWith("CodeOfNextYear", ""),
        DetailsWith("NotFound", std::string(10'000, 'x'))}) {
    const absl::Status got =
        FromGrpc({grpc::StatusCode::UNIMPLEMENTED, "no", details});
    EXPECT_EQ(got, absl::UnimplementedError("no"));
  }
}

TEST(RpcStatusTest, WhatIsLongOrNoTextIsCut) {
  const absl::Status sent = base::Failure(
      FailureCode::kInternal, std::string(1999, 'm') + "\xe2\x82\xac",
      std::string(1000, 'c'));
  const grpc::Status on_wire = ToGrpc(sent);
  EXPECT_LT(on_wire.error_message().size(), 2010u);
  EXPECT_LT(on_wire.error_details().size(), 300u);
  EXPECT_EQ(base::FailureCauseOf(FromGrpc(on_wire)).size(), 64u);
}

}  // namespace
}  // namespace landwaiter::wire
