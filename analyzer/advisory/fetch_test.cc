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

test::Answer Serve(const test::SeenRequest& request) {
  if (request.target == "/all.zip") return {.body = "the zip"};
  if (request.target == "/moved") {
    return {.status = 302, .headers = {{"Location", "/all.zip"}}};
  }
  if (request.target == "/loop") {
    return {.status = 302, .headers = {{"Location", "/loop"}}};
  }
  if (request.target == "/cut") return {.body = "the zip", .cut_after = 3};
  return {.status = 404, .body = "not here"};
}

class FetchTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Fetch(const std::string& target) {
    return FetchFeed(server_.url().Origin() + target, dir_.path(), options_);
  }
  bool NothingIsLeft() const { return std::filesystem::is_empty(dir_.path()); }

  test::HttpServer server_{Serve};
  landwaiter::testing::TempDir dir_;
  FetchOptions options_;
};

TEST_F(FetchTest, AZipIsDownloadedAlsoThroughARedirect) {
  for (const char* target : {"/all.zip", "/moved"}) {
    const auto path = Fetch(target);
    ASSERT_TRUE(path.ok()) << path.status();
    EXPECT_EQ(landwaiter::testing::ReadFile(*path), "the zip");
    EXPECT_TRUE(path->ends_with(".zip"));
  }
}

TEST_F(FetchTest, AFailureNamesTheUrlAndLeavesNothing) {
  for (const char* target : {"/nowhere", "/loop", "/cut"}) {
    const auto path = Fetch(target);
    ASSERT_FALSE(path.ok()) << target;
    EXPECT_THAT(std::string(path.status().message()), HasSubstr(target));
    EXPECT_TRUE(NothingIsLeft()) << target;
  }
}

TEST_F(FetchTest, ALargerZipThanTheLimitIsRefused) {
  options_.max_bytes = 3;
  EXPECT_EQ(base::FailureCodeOf(Fetch("/all.zip").status()),
            base::FailureCode::kLimitExceeded);
  EXPECT_TRUE(NothingIsLeft());
}

TEST(IsUrlTest, PathsAreNoUrls) {
  EXPECT_TRUE(IsUrl("https://osv.example/all.zip"));
  EXPECT_TRUE(IsUrl("http://localhost/all.zip"));
  EXPECT_FALSE(IsUrl("/var/https://x"));
  EXPECT_FALSE(IsUrl("all.zip"));
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
