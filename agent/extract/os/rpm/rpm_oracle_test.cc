// Compares with rpm itself, on databases that rpm made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "agent/extract/os/rpm/rpm.h"
#include "agent/extract/testing/fixtures.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

using extract::testing::Extract;
using extract::testing::HaveTool;
using extract::testing::ReadFile;
using extract::testing::RunCommand;
using extract::testing::TempDir;
using extract::testing::WriteFile;
using ::testing::UnorderedElementsAreArray;

// Two sources: one with an epoch, a module and a subpackage of another
// version, one plain with many files (a header of several pages).
constexpr char kSpecs[][1024] = {
    "Name: alpha\nVersion: 1.2~rc1\nRelease: 3\nEpoch: 2\nSummary: s\n"
    "License: MIT and BSD\nVendor: Us\nBuildArch: noarch\n"
    "ModularityLabel: nodejs:14:8030:abc\n%description\ntext\n"
    "%package -n beta\nSummary: b\nLicense: GPL\nVersion: 9\n"
    "%description -n beta\ntext\n%files\n%files -n beta\n",
    "Name: gamma-with-dashes\nVersion: 7\nRelease: 1.x\nSummary: s\n"
    "License: MIT\nBuildArch: noarch\n%description\ntext\n"
    "%install\nmkdir -p %{buildroot}/usr/share/gamma\n"
    "for i in $(seq 1 400); do echo $i "
    ">%{buildroot}/usr/share/gamma/a-file-with-a-long-name-$i; done\n"
    "%files\n/usr/share/gamma\n"};

class RpmOracleTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (!HaveTool("rpm") || !HaveTool("rpmbuild")) {
      GTEST_SKIP() << "rpm is not installed";
    }
    int number = 0;
    for (const char* spec : kSpecs) {
      const std::string file =
          temp_.path() + "/" + std::to_string(++number) + ".spec";
      WriteFile(file, spec);
      RunCommand("rpmbuild -bb --quiet --define '_topdir " + temp_.path() +
                 "/build' --define '_tmppath " + temp_.path() + "' " + file +
                 " >/dev/null 2>&1");
    }
    // An rpm without this backend fails.
    if (!TryRpm("--initdb")) GTEST_SKIP() << "rpm lacks " << GetParam();
    ASSERT_TRUE(TryRpm("-i --justdb --nodeps --nosignature " + temp_.path() +
                       "/build/RPMS/noarch/*.rpm"));
  }

  std::string Rpm0() const {
    return base::StrCat("rpm --define '_db_backend ", GetParam(), "' --dbpath ",
                        database_, " ");
  }
  bool TryRpm(const std::string& arguments) const {
    const std::string command = Rpm0() + arguments + " >/dev/null 2>&1";
    return std::system(command.c_str()) == 0 && Database().has_value();
  }
  // The database's file, which has a name by format.
  std::optional<std::string> Database() const {
    for (const char* name : {"rpmdb.sqlite", "Packages.db"}) {
      const std::string file = database_ + "/" + name;
      if (std::filesystem::exists(file)) return file;
    }
    return std::nullopt;
  }

  std::vector<std::string> Query() const {
    const std::string output =
        RunCommand(Rpm0() +
                   "-qa --qf '%{NAME} %|EPOCH?{%{EPOCH}:}|%{VERSION}-"
                   "%{RELEASE} %{ARCH} %{SOURCERPM} "
                   "%|MODULARITYLABEL?{%{MODULARITYLABEL}}| "
                   "%|VENDOR?{%{VENDOR}}| %{LICENSE}\\n' 2>/dev/null");
    std::vector<std::string> lines;
    for (std::string_view line : base::Split(output, '\n')) {
      if (!line.empty()) lines.emplace_back(line);
    }
    return lines;
  }

  std::vector<std::string> Found() const {
    const auto extract =
        Extract(Rpm(), "var/lib/rpm/rpmdb.sqlite", ReadFile(*Database()));
    EXPECT_EQ(extract.problem, "");
    std::vector<std::string> lines;
    for (const auto& package : extract.packages) {
      lines.push_back(base::StrCat(
          package.name, " ", package.version, " ", package.architecture, " ",
          package.source_name, "-", package.source_version, ".src.rpm ",
          package.module, " ", package.vendor, " ", package.licenses.at(0)));
    }
    return lines;
  }

  TempDir temp_;
  const std::string database_ = temp_.path() + "/db";
};

TEST_P(RpmOracleTest, ADatabaseThatRpmMadeComesOutAsRpmHasIt) {
  const auto installed = Query();
  EXPECT_EQ(installed.size(), 3u);
  EXPECT_THAT(Found(), UnorderedElementsAreArray(installed));
}

TEST_P(RpmOracleTest, WhatRpmErasedIsGone) {
  ASSERT_TRUE(TryRpm("-e --justdb --nodeps gamma-with-dashes"));
  const auto installed = Query();
  EXPECT_EQ(installed.size(), 2u);
  EXPECT_THAT(Found(), UnorderedElementsAreArray(installed));
}

INSTANTIATE_TEST_SUITE_P(Backends, RpmOracleTest,
                         ::testing::Values("sqlite", "ndb"),
                         [](const auto& param) { return param.param; });

}  // namespace
}  // namespace landwaiter::agent::extract::os
