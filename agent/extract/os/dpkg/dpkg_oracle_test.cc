// Compares with dpkg itself, on roots that dpkg made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "agent/extract/os/dpkg/dpkg.h"
#include "agent/extract/ownership.h"
#include "agent/extract/testing/fixtures.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

using ::landwaiter::agent::extract::testing::Extract;
using ::landwaiter::agent::extract::testing::HaveTool;
using ::landwaiter::agent::extract::testing::Lines;
using ::landwaiter::agent::extract::testing::ReadFile;
using ::landwaiter::agent::extract::testing::RunCommand;
using ::landwaiter::agent::extract::testing::TempDir;
using ::landwaiter::agent::extract::testing::WriteFile;

class DpkgOracleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HaveTool("dpkg") || !HaveTool("dpkg-deb") || !HaveTool("dpkg-query")) {
      GTEST_SKIP() << "dpkg is not installed";
    }
    if (geteuid() != 0) GTEST_SKIP() << "dpkg sets owners: not without root";
    WriteFile(root_ + "/var/lib/dpkg/status", "");
    WriteFile(root_ + "/var/lib/dpkg/available", "");
    WriteFile(root_ + "/var/lib/dpkg/updates/.keep", "");
    RunCommand("rm " + root_ + "/var/lib/dpkg/updates/.keep");
  }

  void Install(const std::string& name, const std::string& version,
               const std::string& more_fields, const char* command = "-i") {
    const std::string tree = temp_.path() + "/" + name;
    WriteFile(tree + "/usr/share/" + name, "content");
    WriteFile(tree + "/etc/" + name + ".conf", "content");
    WriteFile(tree + "/DEBIAN/conffiles", "/etc/" + name + ".conf\n");
    WriteFile(tree + "/DEBIAN/control",
              "Package: " + name + "\nVersion: " + version +
                  "\nMaintainer: Us <us@example.org>\n" + more_fields +
                  "Description: made by a test\n with a second line\n .\n"
                  " and a last one\n");
    RunCommand("dpkg-deb --root-owner-group -b " + tree + " " + tree +
               ".deb >/dev/null && " + Dpkg0() + command + " " + tree +
               ".deb >/dev/null 2>&1");
  }

  std::string Dpkg0() const {
    return "dpkg --force-not-root,bad-path --log=/dev/null --root=" + root_ +
           " ";
  }

  // The lines of packages whose code is on disk.
  std::vector<std::string> Query() const {
    const std::string output = RunCommand(
        "dpkg-query --admindir=" + root_ +
        "/var/lib/dpkg -W -f '${db:Status-Status}\\t${Package} ${Version} "
        "${Architecture} ${source:Package} ${source:Version}\\n'");
    std::vector<std::string> lines;
    for (std::string_view line : base::Split(output, '\n')) {
      const auto parts = base::SplitOnce(line, '\t');
      if (parts.has_value() && parts->first != "config-files") {
        lines.emplace_back(parts->second);
      }
    }
    return lines;
  }

  model::FileExtract ExtractRoot() const {
    return Extract(Dpkg(), "var/lib/dpkg/status",
                   ReadFile(root_ + "/var/lib/dpkg/status"));
  }

  TempDir temp_;
  const std::string root_ = temp_.path() + "/root";
};

TEST(DpkgOwnershipTest, ThisMachinesListsComeOutAsDpkgHasThem) {
  if (!HaveTool("dpkg-query")) GTEST_SKIP() << "dpkg is not installed";
  int compared = 0;
  for (const char* package : {"bash", "coreutils", "perl-base", "dpkg"}) {
    const std::string list =
        base::StrCat("/var/lib/dpkg/info/", package, ".list");
    if (access(list.c_str(), R_OK) != 0) continue;
    std::vector<std::string> expected;
    const std::string paths =
        RunCommand(base::StrCat("dpkg-query -L ", package));
    for (std::string_view path : base::Split(paths, '\n')) {
      if (path.empty() || path == "/.") continue;
      path.remove_prefix(1);
      if (MayTellOfSoftware(path)) expected.emplace_back(path);
    }
    const auto extract = Extract(Dpkg(), list.substr(1), ReadFile(list));
    EXPECT_THAT(extract.owned_files,
                ::testing::UnorderedElementsAreArray(expected))
        << package;
    compared += static_cast<int>(expected.size());
  }
  if (compared == 0) GTEST_SKIP() << "none of the packages is installed";
  EXPECT_GT(compared, 20);
}

TEST_F(DpkgOracleTest, ARootThatDpkgMadeComesOutAsDpkgQueryHasIt) {
  Install("plain", "1.0", "Architecture: all\n");
  Install("epoch", "2:1.0~rc1-3+b1",
          "Source: other (2:1.0~rc1-3)\nArchitecture: all\n");
  Install("sourced", "4", "Source: elsewhere\nArchitecture: all\n");
  Install("removed", "5", "Architecture: all\n");
  Install("unpacked", "6", "Architecture: all\n", "--unpack");
  RunCommand(Dpkg0() + "-r removed >/dev/null 2>&1");
  RunCommand("echo plain hold | " + Dpkg0() + "--set-selections");

  const auto extract = ExtractRoot();
  EXPECT_EQ(extract.problem, "");
  EXPECT_EQ(extract.packages.size(), 4u);
  EXPECT_THAT(Lines(extract.packages),
              ::testing::UnorderedElementsAreArray(Query()));
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
