#include "analyzer/advisory/codec.h"

#include <string>

#include "gtest/gtest.h"

namespace landwaiter::analyzer::advisory {
namespace {

Affected Full() {
  Affected affected;
  affected.standing = Standing::kWillNotFix;
  affected.names = NameKind::kSource;
  affected.statement = "no-dsa: Minor issue";
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
  EXPECT_EQ(view->standing, Standing::kWillNotFix);
  EXPECT_EQ(view->names, NameKind::kSource);
  EXPECT_EQ(view->statement, "no-dsa: Minor issue");
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
                        .severity = model::Severity::kLow,
                        .feed = "osv",
                        .cvss = {{"nvd@nist.gov", "CVSS:3.1/AV:N"}},
                        .cwes = {"CWE-79"},
                        .references = {"https://example.org/1"},
                        .published = "2024-01-02T03:04:05Z",
                        .modified = "2024-02-02T03:04:05Z",
                        .malicious = true};
  EXPECT_EQ(DecodeDetails(EncodeDetails(details)), details);
}

Enrichment FullEnrichment() {
  return {.cve = "CVE-2021-44228",
          .summary = "a summary",
          .cvss = {{"nvd@nist.gov", "CVSS:3.1/AV:N"}},
          .cwes = {"CWE-502"},
          .references = {"https://example.org/1"},
          .published = "2021-12-10T10:15:09Z",
          .exploited = Exploited{"2021-12-10", "2021-12-24", true},
          .epss = Epss{944580, 999960, "2024-10-01"},
          .rejected = true};
}

TEST(CodecTest, WhatIsKnownOfACveComesBack) {
  const Enrichment full = FullEnrichment();
  EXPECT_EQ(DecodeEnrichment(full.cve, EncodeEnrichment(full)), full);
  const Enrichment bare{.cve = "CVE-1"};
  EXPECT_EQ(DecodeEnrichment(bare.cve, EncodeEnrichment(bare)), bare);
  const std::string bytes = EncodeEnrichment(full);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeEnrichment("CVE-1", bytes.substr(0, size)).has_value());
  }
}

TEST(CodecTest, FeedsAddToWhatIsKnownOfACve) {
  Enrichment known = FullEnrichment();
  Merge({.cvss = {{"cna@example.org", "CVSS:3.1/AV:L"}},
         .epss = Epss{1, 2, "2024-10-02"}},
        known);
  EXPECT_EQ(known.cvss.size(), 2u);
  EXPECT_EQ(known.epss->date, "2024-10-02");
  EXPECT_EQ(known.summary, "a summary");
  EXPECT_TRUE(known.exploited.has_value());
  const Enrichment before = known;
  Merge(before, known);
  EXPECT_EQ(known, before);
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
