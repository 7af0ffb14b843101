#include "core/base/failure.h"

#include "gtest/gtest.h"

namespace landwaiter::base {
namespace {

TEST(FailureTest, CarriesCodeAndCauseThroughAddedContext) {
  const absl::Status status =
      WithContext(Failure(FailureCode::kLimitExceeded, "17 > 16", "layers"),
                  "reading the manifest");
  EXPECT_EQ(status.message(), "reading the manifest: 17 > 16");
  EXPECT_EQ(FailureCodeOf(status), FailureCode::kLimitExceeded);
  EXPECT_EQ(FailureCauseOf(status), "layers");
}

TEST(FailureTest, EveryNameReadsBack) {
  for (int i = 0; i <= static_cast<int>(FailureCode::kInternal); ++i) {
    const auto code = static_cast<FailureCode>(i);
    EXPECT_EQ(FailureCodeFromString(ToString(code)), code);
  }
  EXPECT_EQ(FailureCodeFromString("FromTheFuture"), std::nullopt);
}

TEST(FailureTest, AForeignStatusGetsACodeThatSuits) {
  EXPECT_EQ(FailureCodeOf(absl::UnavailableError("x")),
            FailureCode::kNetworkError);
  EXPECT_EQ(FailureCodeOf(absl::UnknownError("x")), FailureCode::kInternal);
  EXPECT_EQ(FailureCauseOf(absl::UnknownError("x")), "");
}

TEST(FailureTest, RetryAfterTravelsWithTheStatus) {
  const absl::Status status = WithRetryAfter(
      Failure(FailureCode::kRateLimited, "slow"), absl::Seconds(90));
  EXPECT_EQ(RetryAfterOf(WithContext(status, "listing")), absl::Seconds(90));
  EXPECT_EQ(RetryAfterOf(absl::UnknownError("x")), absl::ZeroDuration());
}

TEST(FailureTest, ContextLeavesOkAlone) {
  EXPECT_TRUE(WithContext(absl::OkStatus(), "context").ok());
}

}  // namespace
}  // namespace landwaiter::base
