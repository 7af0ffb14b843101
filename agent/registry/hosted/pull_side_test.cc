#include "agent/registry/hosted/pull_side.h"

#include "gtest/gtest.h"

namespace landwaiter::agent::registry::hosted {
namespace {

TEST(TimeInTest, OnlyWhatIsATime) {
  EXPECT_EQ(TimeIn("2026-01-01T00:00:00Z"),
            absl::FromUnixSeconds(1'767'225'600));
  EXPECT_EQ(TimeIn("yesterday"), std::nullopt);
}

}  // namespace
}  // namespace landwaiter::agent::registry::hosted
