#include "analyzer/advisory/fetch.h"

#include <filesystem>
#include <string>

#include "core/base/failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/files.h"
#include "tests/support/http_server.h"

namespace landwaiter::analyzer::advisory {
namespace {

using ::testing::HasSubstr;

class FetchTest : public ::testing::Test {
 protected:
  test::Answer Serve(const test::SeenRequest& request) {
    const std::string& target = request.target;
    if (target == "/all.zip") {
      if (request.Header("If-None-Match") == "\"1\"") return {.status = 304};
      return {.headers = {{"ETag", "\"1\""}, {"Last-Modified", "then"}},
              .body = "the zip"};
    }
    if (target == "/moved") {
      return {.status = 302, .headers = {{"Location", "/all.zip"}}};
    }
    if (target == "/loop") {
      return {.status = 302, .headers = {{"Location", "/loop"}}};
    }
    if (target == "/cut") {
      return {
          .headers = {{"ETag", "\"1\""}}, .body = "the zip", .cut_after = 3};
    }
    if (target == "/resumes") return Resume(request);
    if (target == "/busy") {
      if (++asked_ < 3) {
        return {.status = 503, .headers = {{"Retry-After", "7"}}};
      }
      return {.body = "the zip"};
    }
    return {.status = 404, .body = "not here"};
  }

  // Breaks off once, then goes on where it was.
  test::Answer Resume(const test::SeenRequest& request) {
    const std::string range = request.Header("Range");
    if (range.empty()) {
      return {
          .headers = {{"ETag", "\"1\""}}, .body = "the zip", .cut_after = 3};
    }
    EXPECT_EQ(range, "bytes=3-");
    EXPECT_EQ(request.Header("If-Range"), "\"1\"");
    return {.status = 206, .body = " zip"};
  }

  absl::StatusOr<Fetched> Get(const std::string& target,
                              const Validators& known = {}) {
    return Fetch(server_.url().Origin() + target, path_, known, options_,
                 clock_);
  }
  std::string Content() const { return landwaiter::testing::ReadFile(path_); }

  int asked_ = 0;
  test::HttpServer server_{
      [this](const test::SeenRequest& request) { return Serve(request); }};
  landwaiter::testing::TempDir dir_;
  const std::string path_ = dir_.path() + "/file";
  base::FakeClock clock_;
  FetchOptions options_;
};

TEST_F(FetchTest, AFileIsDownloadedAlsoThroughARedirect) {
  for (const char* target : {"/all.zip", "/moved"}) {
    const auto fetched = Get(target);
    ASSERT_TRUE(fetched.ok()) << fetched.status();
    EXPECT_TRUE(fetched->modified);
    EXPECT_EQ(fetched->validators,
              (Validators{.etag = "\"1\"", .last_modified = "then"}));
    EXPECT_EQ(Content(), "the zip");
  }
}

TEST_F(FetchTest, WhatIsStillTheSameIsNotDownloaded) {
  const auto fetched = Get("/all.zip", {.etag = "\"1\""});
  ASSERT_TRUE(fetched.ok()) << fetched.status();
  EXPECT_FALSE(fetched->modified);
  EXPECT_EQ(fetched->validators.etag, "\"1\"");
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(FetchTest, AFailureNamesTheUrlAndLeavesNothing) {
  for (const char* target : {"/nowhere", "/loop", "/cut"}) {
    const auto fetched = Get(target);
    ASSERT_FALSE(fetched.ok()) << target;
    EXPECT_THAT(std::string(fetched.status().message()), HasSubstr(target));
    EXPECT_FALSE(std::filesystem::exists(path_)) << target;
  }
}

TEST_F(FetchTest, ADownloadThatBreaksOffGoesOnWhereItWas) {
  const auto fetched = Get("/resumes");
  ASSERT_TRUE(fetched.ok()) << fetched.status();
  EXPECT_EQ(Content(), "the zip");
}

TEST_F(FetchTest, ABusyServerIsAskedAgainWhenItSays) {
  const auto fetched = Get("/busy");
  ASSERT_TRUE(fetched.ok()) << fetched.status();
  EXPECT_EQ(Content(), "the zip");
  EXPECT_EQ(clock_.Slept(), absl::Seconds(14));
}

TEST_F(FetchTest, ARefusalIsNotTriedAgain) {
  EXPECT_FALSE(Get("/nowhere").ok());
  EXPECT_EQ(server_.Seen().size(), 1u);
}

TEST_F(FetchTest, ALargerFileThanTheLimitIsRefused) {
  options_.max_bytes = 3;
  EXPECT_EQ(base::FailureCodeOf(Get("/all.zip").status()),
            base::FailureCode::kLimitExceeded);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST(IsUrlTest, PathsAreNoUrls) {
  EXPECT_TRUE(IsUrl("https://osv.example/all.zip"));
  EXPECT_TRUE(IsUrl("http://localhost/all.zip"));
  EXPECT_FALSE(IsUrl("/var/https://x"));
  EXPECT_FALSE(IsUrl("all.zip"));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
