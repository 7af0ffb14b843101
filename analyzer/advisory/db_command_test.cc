#include "analyzer/advisory/db_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "analyzer/advisory/db_print.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/support/files.h"

namespace landwaiter::analyzer::advisory {
namespace {

using landwaiter::testing::ReadFile;
using landwaiter::testing::WriteFile;
using ::testing::HasSubstr;

class DbCommandTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) { return dir_.path() + "/" + name; }
  void Put(const std::string& id, const std::string& package) {
    WriteFile(Path("feed/" + id + ".json"),
              R"({"id": ")" + id +
                  R"(", "affected": [{"package": {"ecosystem": "Debian:12",
                  "name": ")" +
                  package + R"("}, "versions": ["1"]}]})");
  }
  // The exit status; what it printed is in out_ and err_.
  int Run(std::vector<std::string> arguments) {
    CLI::App app;
    int exit_status = -1;
    AddDbCommands(app, exit_status);
    arguments.insert(arguments.begin(), "db");
    std::reverse(arguments.begin(), arguments.end());
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    try {
      app.parse(arguments);
    } catch (const CLI::ParseError& error) {
      exit_status = 2;
    }
    out_ = ::testing::internal::GetCapturedStdout();
    err_ = ::testing::internal::GetCapturedStderr();
    return exit_status;
  }
  int Build(const std::string& output) {
    return Run({"build", "--feed", "mine=osv:" + Path("feed"), "--output",
                Path(output)});
  }

  landwaiter::testing::TempDir dir_;
  std::string out_, err_;
};

TEST_F(DbCommandTest, ADatabaseIsBuiltShownComparedAndCarried) {
  Put("A", "curl");
  ASSERT_EQ(Build("one.db"), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("mine"));
  Put("B", "zlib");
  ASSERT_EQ(Build("two.db"), 0) << err_;

  ASSERT_EQ(Run({"info", Path("two.db"), "--format", "json"}), 0) << err_;
  const auto info = nlohmann::json::parse(out_);
  EXPECT_EQ(info["feeds"][0]["taken"], 2);
  EXPECT_EQ(info["ecosystems"][0]["ecosystem"], "Debian:12");
  EXPECT_EQ(info["ecosystems"][0]["packages"], 2);

  ASSERT_EQ(Run({"diff", Path("one.db"), Path("two.db")}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("1 added, 0 removed, 0 changed"));
  EXPECT_THAT(out_, HasSubstr("~ Debian:12 zlib\n"));
  ASSERT_EQ(Run({"diff", Path("one.db"), Path("two.db"), "--format", "json"}),
            0);
  EXPECT_EQ(nlohmann::json::parse(out_)["packages"][0]["package"], "zlib");

  ASSERT_EQ(Run({"export", Path("two.db"), "--output", Path("stream")}), 0);
  ASSERT_EQ(Run({"import", Path("stream"), "--output", Path("copy.db")}), 0);
  ASSERT_EQ(Run({"diff", Path("two.db"), Path("copy.db")}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("0 added, 0 removed, 0 changed"));
}

TEST_F(DbCommandTest, AnErrorSaysWhatIsWrongAndLeavesNothing) {
  EXPECT_EQ(Run({"build", "--feed", "none:/x", "--output", Path("x.db")}), 1);
  EXPECT_THAT(err_, HasSubstr("there is no feed format none; there are"));
  EXPECT_EQ(Run({"build", "--feed", Path("gone"), "--output", Path("x.db")}),
            1);
  EXPECT_THAT(err_, HasSubstr("there is nothing at"));
  EXPECT_EQ(Run({"info", Path("gone")}), 1);
  EXPECT_EQ(Run({"build"}), 2);
  EXPECT_FALSE(std::filesystem::exists(Path("x.db")));
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
}

TEST_F(DbCommandTest, AFeedThatFailsKeepsWhatItHadAndIsNamed) {
  Put("A", "curl");
  const std::vector<std::string> build = {
      "build",    "--feed",  "osv:" + Path("feed"), "--output",
      Path("db"), "--state", Path("state")};
  ASSERT_EQ(Run(build), 0) << err_;
  const std::string before = ReadFile(Path("db"));
  std::filesystem::remove_all(Path("feed"));
  ASSERT_EQ(Run(build), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("feed osv-feed failed"));
  auto strict = build;
  strict.emplace_back("--every-feed");
  EXPECT_EQ(Run(strict), 1);
}

TEST_F(DbCommandTest, HelpNamesTheFormats) {
  CLI::App app;
  int status = 0;
  AddDbCommands(app, status);
  const std::string help =
      app.get_subcommand("db")->get_subcommand("build")->help();
  EXPECT_THAT(help, HasSubstr("osv: "));
  EXPECT_THAT(help, HasSubstr("--state"));
}

TEST(AgoTest, TheAgeIsInTheUnitThatSuits) {
  const absl::Time now = absl::FromUnixSeconds(1'000'000'000);
  EXPECT_EQ(Ago(now - absl::Seconds(5), now), "5s");
  EXPECT_EQ(Ago(now - absl::Minutes(5), now), "5m");
  EXPECT_EQ(Ago(now - absl::Hours(30), now), "30h");
  EXPECT_EQ(Ago(now - absl::Hours(24 * 400), now), "400d");
  EXPECT_EQ(Ago(ParseFeedTime("2001-09-08"), now), "25h");
  EXPECT_EQ(Ago(ParseFeedTime("soon"), now), "-");
}

}  // namespace
}  // namespace landwaiter::analyzer::advisory
