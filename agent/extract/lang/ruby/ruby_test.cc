#include "agent/extract/lang/ruby/ruby.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/extract/lang/testing/rows.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using extract::testing::Extract;
using extract::testing::ExtractFromDamaged;
using ::testing::ElementsAre;
using testing::ExpectCorpus;
using ::testing::IsEmpty;
using testing::Rows;
using testing::RowsOf;

constexpr char kSpec[] =
    "usr/lib/ruby/gems/3.0.0/specifications/rake-13.0.3.gemspec";
constexpr char kLock[] = "app/Gemfile.lock";

constexpr char kSpecText[] =
    "# -*- encoding: utf-8 -*-\n"
    "Gem::Specification.new do |s|\n"
    "  s.name = \"rake\".freeze\n"
    "  s.version = \"13.0.3\"\n"
    "  s.licenses = [\"MIT\".freeze, 'BSD'.freeze]\n"
    "  s.summary = \"s.name = no\".freeze\n"
    "end\n";

constexpr char kLockText[] =
    "PATH\n  remote: .\n  specs:\n    mine (0.1.0)\n\n"
    "GIT\n  remote: https://example.org/a.git\n  specs:\n    a (2.0)\n\n"
    "GEM\n  remote: https://example.org/\n  specs:\n"
    "    faker (2.21.0)\n      i18n (>= 1.8.11, < 2)\n"
    "    nokogiri (1.13.0-x86_64-linux)\n\n"
    "PLATFORMS\n  ruby\n\nDEPENDENCIES\n  faker (~> 2.21)\n";

TEST(RubyTest, AnInstalledGemIsToldByItsSpecification) {
  const auto extract = Extract(Ruby(), kSpec, kSpecText);
  EXPECT_THAT(Rows(extract), ElementsAre("rake 13.0.3"));
  EXPECT_THAT(extract.packages[0].licenses, ElementsAre("MIT", "BSD"));
  EXPECT_FALSE(extract.packages[0].declared);
}

TEST(RubyTest, ALockTellsGemsWithoutTheirPlatform) {
  EXPECT_THAT(RowsOf(Ruby(), kLock, kLockText),
              ElementsAre("a 2.0", "faker 2.21.0", "nokogiri 1.13.0"));
}

TEST(RubyTest, ABrokenLineOfALockIsAProblem) {
  const auto extract =
      Extract(Ruby(), kLock, "GEM\n  specs:\n    a (1.0)\n    b (2.\n");
  EXPECT_THAT(Rows(extract), ElementsAre("a 1.0"));
  EXPECT_EQ(extract.problem, "line 4: not a package: b (2.");
}

TEST(RubyTest, OnlyInstalledSpecificationsAndOwnLocksAreWanted) {
  EXPECT_FALSE(Ruby().Wants("usr/lib/ruby/gems/3.0.0/gems/a-1/a.gemspec"));
  EXPECT_FALSE(Ruby().Wants("usr/lib/ruby/gems/3.0.0/gems/a-1/Gemfile.lock"));
  EXPECT_TRUE(Ruby().Wants("app/gems.locked"));
}

TEST(RubyTest, DamagedFilesEndInAnExtract) {
  ExtractFromDamaged(Ruby(), kSpec, kSpecText);
  EXPECT_GT(ExtractFromDamaged(Ruby(), kLock, kLockText), 0);
}

TEST(RubyTest, CorpusComesOutAsExpected) {
  ExpectCorpus(
      Ruby(), "trivy-parser",
      {{.fixture = "ruby/bundler/testdata/Gemfile_normal.lock", .path = kLock},
       {.fixture = "ruby/bundler/testdata/Gemfile_bundler2.lock",
        .path = kLock},
       {.fixture = "ruby/bundler/testdata/Gemfile_malformed.lock",
        .path = kLock},
       {.fixture = "ruby/gemspec/testdata/license.gemspec", .path = kSpec},
       {.fixture = "ruby/gemspec/testdata/multiple_licenses.gemspec",
        .path = kSpec},
       {.fixture = "ruby/gemspec/testdata/normal00.gemspec", .path = kSpec},
       {.fixture = "ruby/gemspec/testdata/normal01.gemspec", .path = kSpec},
       {.fixture = "ruby/gemspec/testdata/malformed00.gemspec", .path = kSpec},
       {.fixture = "ruby/gemspec/testdata/malformed01.gemspec",
        .path = kSpec}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
