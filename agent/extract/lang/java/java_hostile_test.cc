// Archives made to keep the reader busy or to fill its memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/extract/archive/testing/zip_builder.h"
#include "agent/extract/lang/java/java.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using archive::testing::ZipBuilder;
using ::testing::HasSubstr;
using ::testing::SizeIs;

const char kProperties[] = "groupId=org.a\nartifactId=a\nversion=1\n";

model::FileExtract Read(std::string_view bytes) {
  return extract::testing::Extract(Java(), "x.jar", bytes);
}

TEST(JavaHostileTest, NestingEndsAtFive) {
  std::string archive =
      ZipBuilder()
          .Store("META-INF/maven/org.a/a/pom.properties", kProperties)
          .Build();
  for (int depth = 2; depth <= 5; ++depth) {
    archive = ZipBuilder().Deflated("x.jar", archive).Build();
  }
  auto extract = Read(archive);
  EXPECT_THAT(extract.packages, SizeIs(1));
  EXPECT_EQ(extract.problem, "");
  extract = Read(ZipBuilder().Store("x.jar", archive).Build());
  EXPECT_THAT(extract.packages, SizeIs(0));
  EXPECT_THAT(extract.problem, HasSubstr("nested deeper than 5"));
}

// Each level has what the level below inflates to many times over.
TEST(JavaHostileTest, ABombOfNestedArchivesIsDefused) {
  std::string archive =
      ZipBuilder()
          .Deflated("x.jar",
                    ZipBuilder().Store("x", std::string(4 << 20, 'x')).Build())
          .Build();
  for (int level = 0; level < 2; ++level) {
    ZipBuilder builder;
    for (int copy = 0; copy < 40; ++copy) {
      builder.Deflated("a" + std::to_string(copy) + ".jar", archive);
    }
    archive = builder.Build();
  }
  const auto extract = Read(archive);
  EXPECT_THAT(extract.problem, HasSubstr("too many bytes"));
}

TEST(JavaHostileTest, ALargeManifestIsNotRead) {
  const auto extract =
      Read(ZipBuilder()
               .Deflated("META-INF/MANIFEST.MF", std::string(2 << 20, 'x'))
               .Build());
  EXPECT_EQ(extract.problem,
            "META-INF/MANIFEST.MF: it has 2097152 bytes, the limit is "
            "1048576");
}

TEST(JavaHostileTest, TenThousandMembersAreReadAndNoMore) {
  ZipBuilder builder;
  for (int i = 0; i < 10'001; ++i) {
    builder.Store("META-INF/maven/a/b" + std::to_string(i) + "/pom.properties",
                  "version=1");
  }
  const auto extract = Read(builder.Build());
  EXPECT_THAT(extract.packages, SizeIs(10'000));
  EXPECT_THAT(extract.problem, HasSubstr("more than 10000 members"));
}

TEST(JavaHostileTest, LongNamesAreNotKept) {
  ZipBuilder builder;
  for (int i = 0; i < 300; ++i) {
    builder.Store(std::string(4000, 'a') + std::to_string(i) + ".jar", "");
  }
  EXPECT_THAT(Read(builder.Build()).problem,
              HasSubstr("1048576 bytes of their names"));
}

TEST(JavaHostileTest, WhatPomFilesSayIsBounded) {
  ZipBuilder builder;
  const std::string text = "version=" + std::string(60'000, '1');
  for (int i = 0; i < 100; ++i) {
    builder.Deflated(
        "META-INF/maven/a/b" + std::to_string(i) + "/pom.properties", text);
  }
  EXPECT_THAT(Read(builder.Build()).problem,
              HasSubstr("pom files say more than 4194304 bytes"));
}

TEST(JavaHostileTest, DamagedArchivesAreProblems) {
  const std::string inner =
      ZipBuilder()
          .Deflated("META-INF/maven/org.a/a/pom.properties", kProperties)
          .Build();
  const std::string bytes =
      ZipBuilder()
          .Store("META-INF/MANIFEST.MF", "Bundle-Version: 1\n")
          .Store("lib/a.jar", inner)
          .Deflated("lib/b.jar", inner)
          .Wide("META-INF/maven/org.a/b/pom.properties", kProperties)
          .BuildWide();
  // All prefixes but the empty one.
  EXPECT_EQ(
      extract::testing::ExtractFromDamaged(Java(), "a/shaded-1.jar", bytes),
      49);
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
