#include "agent/extract/os/rpm/header.h"

#include <gtest/gtest.h>

#include <string>

#include "agent/extract/os/rpm/testing/databases.h"

namespace landwaiter::agent::extract::os {
namespace {

using os::testing::HeaderSpec;
using os::testing::MakeHeader;

TEST(RpmHeaderTest, TagsMakeAPackage) {
  const auto package =
      ParseRpmHeader(MakeHeader({.epoch = 2, .module = "nodejs:14:8030:abc"}));
  ASSERT_TRUE(package.has_value());
  EXPECT_EQ(package->type, "rpm");
  EXPECT_EQ(package->name, "bash");
  EXPECT_EQ(package->version, "2:5.1.8-6.el9");
  EXPECT_EQ(package->architecture, "x86_64");
  EXPECT_EQ(package->source_name, "bash");
  EXPECT_EQ(package->source_version, "5.1.8-6.el9");
  EXPECT_EQ(package->module, "nodejs:14:8030:abc");
  EXPECT_EQ(package->vendor, "Us");
  EXPECT_EQ(package->licenses, std::vector<std::string>{"GPLv3+"});
}

TEST(RpmHeaderTest, NoEpochIsLeftOut) {
  EXPECT_EQ(ParseRpmHeader(MakeHeader({}))->version, "5.1.8-6.el9");
}

TEST(RpmHeaderTest, AKeyHasNoSourceAndNoArchitecture) {
  const auto package = ParseRpmHeader(MakeHeader({.name = "gpg-pubkey",
                                                  .version = "fd431d51",
                                                  .release = "4ae0493b",
                                                  .arch = "",
                                                  .source_rpm = ""}));
  EXPECT_EQ(package->name, "gpg-pubkey");
  EXPECT_EQ(package->version, "fd431d51-4ae0493b");
  EXPECT_EQ(package->architecture, "");
  EXPECT_EQ(package->source_name, "");
  EXPECT_EQ(package->source_version, "");
}

TEST(RpmHeaderTest, SourceNamesMayHaveDashes) {
  const auto source = [](const std::string& file) {
    const auto package = ParseRpmHeader(MakeHeader({.source_rpm = file}));
    return package->source_name + "|" + package->source_version;
  };
  EXPECT_EQ(source("nss-softokn-3.36.0-5.el7_5.src.rpm"),
            "nss-softokn|3.36.0-5.el7_5");
  EXPECT_EQ(source("java-1.8-ibm-1-2.nosrc.rpm"), "java-1.8-ibm|1-2");
  EXPECT_EQ(source("(none)"), "|");
  EXPECT_EQ(source("-1.src.rpm"), "|");
}

TEST(RpmHeaderTest, WhatIsNotAHeaderIsNone) {
  const std::string header = MakeHeader({});
  EXPECT_FALSE(ParseRpmHeader("").has_value());
  EXPECT_FALSE(ParseRpmHeader("short").has_value());
  EXPECT_FALSE(ParseRpmHeader(std::string(64, '\xFF')).has_value());
  EXPECT_FALSE(ParseRpmHeader(std::string(64, '\0')).has_value());
  for (size_t size = 0; size < header.size(); ++size) {
    EXPECT_FALSE(ParseRpmHeader(header.substr(0, size)).has_value()) << size;
  }
}

TEST(RpmHeaderTest, TextsThatDoNotEndOrLieOutsideAreEmpty) {
  std::string header =
      MakeHeader({.arch = "", .source_rpm = "", .license = "", .vendor = ""});
  header.back() = 'x';  // the NUL of the release
  EXPECT_EQ(ParseRpmHeader(header)->version, "5.1.8");
  header = MakeHeader({});
  header[8 + 8] = '\x7F';  // the offset of the name
  EXPECT_EQ(ParseRpmHeader(header)->name, "");
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
