#include "operator/run/check_command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "core/http/server.h"

namespace landwaiter::run {
namespace {

using ::testing::HasSubstr;

class CheckCommandTest : public testing::Test {
 protected:
  CheckCommandTest()
      : server_(*http::PageServer::Start(
            "127.0.0.1:0", [this](std::string_view path) -> http::Page {
              if (path == "/late" && --refusals_ > 0) return {.status = 503};
              if (path == "/never") return {.status = 503};
              return {.body = "ok\n"};
            })) {}

  int Run(std::vector<std::string> paths) {
    CLI::App app("test");
    int status = -1;
    AddCheckCommand(app, out_, status);
    std::vector<std::string> arguments = {"check", "--within", "3"};
    for (const std::string& path : paths) {
      arguments.push_back(
          "http://127.0.0.1:" + std::to_string(server_->port()) + path);
    }
    std::reverse(arguments.begin(), arguments.end());
    app.parse(arguments);
    return status;
  }

  std::atomic<int> refusals_ = 2;
  std::unique_ptr<http::PageServer> server_;
  std::ostringstream out_;
};

TEST_F(CheckCommandTest, WhatAnswersIsFine) {
  EXPECT_EQ(Run({"/healthz", "/readyz"}), 0);
}

TEST_F(CheckCommandTest, WhatIsStartingIsWaitedFor) {
  EXPECT_EQ(Run({"/late"}), 0);
}

TEST_F(CheckCommandTest, WhatNeverAnswersIsNamed) {
  EXPECT_EQ(Run({"/healthz", "/never"}), 1);
  EXPECT_THAT(out_.str(), HasSubstr("/healthz: ok\n"));
  EXPECT_THAT(out_.str(), HasSubstr("/never: UNAVAILABLE: it answers 503"));
}

}  // namespace
}  // namespace landwaiter::run
