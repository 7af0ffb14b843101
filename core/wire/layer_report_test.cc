#include "core/wire/layer_report.h"

#include "core/model/layer_report_check.h"
#include "gtest/gtest.h"

namespace landwaiter::wire {
namespace {

model::LayerReport Report() {
  model::LayerReport report;
  report.blob_digest = model::Digest::Of("blob");
  report.diff_id = model::Digest::Of("tar");
  report.compressed_size = 10;
  report.uncompressed_size = 30;
  report.entries = 3;
  model::Package package{.type = "deb",
                         .name = "libssl3",
                         .version = "3.0.11-1",
                         .architecture = "amd64",
                         .source_name = "openssl",
                         .source_version = "3.0.11-1",
                         .licenses = {"Apache-2.0"}};
  const model::Package jar{.type = "maven",
                           .name = "org.example:core",
                           .version = "1.0",
                           .location = "lib/core.jar",
                           .declared = true,
                           .development = true};
  report.extracts = {
      {.path = "app.war",
       .extractor = "lang/java",
       .extractor_version = 1,
       .packages = {jar}},
      {.path = "etc/os-release",
       .extractor = "os/release",
       .extractor_version = 1,
       .os_release = model::OsRelease{.id = "debian", .version_id = "12"}},
      {.path = "var/lib/dpkg/status",
       .extractor = "os/dpkg",
       .extractor_version = 2,
       .packages = {package},
       .owned_files = {"usr/bin/a", "usr/bin/b"},
       .problem = "line 3"}};
  report.whiteouts = {{"", true}, {"a/b", false}};
  report.obstructions = {"etc/os-release"};
  report.links = {{"etc/os-release", "usr/lib/os-release"}};
  report.files = {"zstd", std::string(64, 'a'), 100, 3, true};
  return report;
}

TEST(LayerReportTest, ReadsBackWhatItWrites) {
  const auto report = ParseLayerReport(SerializeLayerReport(Report()));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(*report, Report());
}

TEST(LayerReportTest, EqualReportsGiveEqualBytes) {
  EXPECT_EQ(SerializeLayerReport(Report()), SerializeLayerReport(Report()));
}

TEST(LayerReportTest, HowTheListOfFilesWasCompressedIsNotItsIdentity) {
  model::LayerReport other = Report();
  other.files.zstd = "by another release";
  EXPECT_EQ(LayerReportIdentity(other), LayerReportIdentity(Report()));
  other.files.sha256[0] = 'b';
  EXPECT_NE(LayerReportIdentity(other), LayerReportIdentity(Report()));
  other = Report();
  other.entries = 4;
  EXPECT_NE(LayerReportIdentity(other), LayerReportIdentity(Report()));
}

TEST(LayerReportTest, AReportWithoutAListOfFilesIsRead) {
  model::LayerReport report = Report();
  report.files = {};
  const auto read = ParseLayerReport(SerializeLayerReport(report));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, report);
}

TEST(LayerReportTest, GarbageIsRefused) {
  const std::string bytes = SerializeLayerReport(Report());
  EXPECT_FALSE(ParseLayerReport("").ok());
  EXPECT_FALSE(ParseLayerReport("\xff\xff\xff").ok());
  EXPECT_FALSE(
      ParseLayerReport(std::string_view(bytes).substr(0, bytes.size() - 3))
          .ok());
}

TEST(LayerReportTest, ABrokenRuleIsNamed) {
  model::LayerReport report = Report();
  report.extracts[0].path = "../etc/os-release";
  EXPECT_EQ(ParseLayerReport(SerializeLayerReport(report)).status().code(),
            absl::StatusCode::kInvalidArgument);
  report = Report();
  std::swap(report.extracts[0], report.extracts[1]);
  EXPECT_FALSE(model::CheckLayerReport(report).ok());
  report = Report();
  report.obstructions.push_back("etc/os-release");
  EXPECT_FALSE(model::CheckLayerReport(report).ok());
  report = Report();
  report.extracts[0].packages.push_back({.type = "deb"});
  report.extracts[0].packages.SortUnique();
  EXPECT_FALSE(model::CheckLayerReport(report).ok());
  report = Report();
  report.files.size = model::kMaxFileListBytes + 1;
  EXPECT_FALSE(model::CheckLayerReport(report).ok());
}

TEST(LayerReportTest, CleanPathsAreRelativeAndWithoutDots) {
  EXPECT_TRUE(model::IsCleanPath("a/b..c/.d"));
  for (std::string_view bad : {"", "/a", "a/", "a//b", "./a", "a/../b", ".."}) {
    EXPECT_FALSE(model::IsCleanPath(bad)) << bad;
  }
  EXPECT_FALSE(model::IsCleanPath(std::string(4097, 'a')));
  EXPECT_FALSE(model::IsCleanPath(std::string_view("a\0b", 3)));
}

}  // namespace
}  // namespace landwaiter::wire
