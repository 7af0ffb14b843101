#include "analyzer/advisory/codec.h"

#include <string>

#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

Affected Full() {
  Affected affected;
  affected.modules = {"nodejs:14"};
  affected.ranges = {
      {{EventKind::kIntroduced, "0"}, {EventKind::kFixed, "1:2-3"}},
      {},
      {{EventKind::kLastAffected, std::string(300, '9')}}};
  affected.versions = {"1", "", "3"};
  affected.severity = model::Severity::kHigh;
  return affected;
}

TEST(CodecTest, AnEntryComesBack) {
  const std::string bytes = EncodeAffected(4'000'000'000, Full());
  const auto view = DecodeAffected(bytes);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->advisory, 4'000'000'000);
  EXPECT_EQ(view->severity, model::Severity::kHigh);
  ASSERT_EQ(view->ranges.size(), 3u);
  EXPECT_EQ(view->ranges[0][1].version, "1:2-3");
  EXPECT_EQ(view->ranges[2][0].kind, EventKind::kLastAffected);
  EXPECT_EQ(view->ranges[2][0].version, std::string(300, '9'));
  EXPECT_EQ(view->modules[0], "nodejs:14");
  EXPECT_EQ(view->versions.size(), 3u);
}

TEST(CodecTest, DetailsComeBack) {
  const Details details{.id = "DSA-1-1",
                        .aliases = {"CVE-1", "CVE-2"},
                        .summary = "a summary",
                        .severity = model::Severity::kLow};
  EXPECT_EQ(DecodeDetails(EncodeDetails(details)), details);
}

TEST(CodecTest, CutOrDamagedBytesAreRefusedOrReadWithinBounds) {
  const std::string bytes = EncodeAffected(7, Full());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeAffected(bytes.substr(0, size)).has_value()) << size;
  }
  EXPECT_FALSE(DecodeAffected(bytes + "x").has_value());
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = '\xFF';
    const auto view = DecodeAffected(damaged);  // ASan watches
    if (view) {
      EXPECT_LE(view->versions.size(), bytes.size());
    }
  }
}

TEST(CodecTest, KeysSortByEcosystemAndPackageAndTellNamesApart) {
  EXPECT_LT(KeyPrefix("A", "b"), KeyPrefix("A", "ba"));
  EXPECT_FALSE(KeyPrefix("A", "ba").starts_with(KeyPrefix("A", "b")));
  EXPECT_LT(BigEndian(255), BigEndian(256));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
