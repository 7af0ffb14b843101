#include "agent/extract/os/apk/apk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/extract/ownership.h"
#include "agent/extract/testing/fixtures.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

using ::landwaiter::agent::extract::testing::Corpus;
using ::landwaiter::agent::extract::testing::Extract;
using ::landwaiter::agent::extract::testing::Lines;
using ::landwaiter::agent::extract::testing::ReadFile;
using ::landwaiter::agent::extract::testing::RunCommand;
using ::testing::ElementsAre;

constexpr char kPath[] = "lib/apk/db/installed";

TEST(ApkTest, FilesThatMayTellOfSoftwareAreOwned) {
  const auto extract = Extract(Apk(), kPath,
                               "P:busybox\nV:1-r0\nF:bin\nR:busybox\n"
                               "a:0:0:755\nR:sh\nF:etc\nR:securetty\n\n"
                               "P:top\nV:1\nF:\nR:package.json\n");
  EXPECT_THAT(extract.owned_files,
              ElementsAre("bin/busybox", "bin/sh", "package.json"));
}

TEST(ApkTest, OwnedFilesOfARealDatabaseAreItsFoldersAndNames) {
  if (!Corpus().has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const std::string file = *Corpus() +
                           "/pkgdb/apk/alpine-3.20.3-x86_64/lib/apk/db/"
                           "installed";
  std::vector<std::string> expected;
  const std::string paths = RunCommand(
      "awk '/^F:/{d=substr($0,3)} "
      "/^R:/{print d \"/\" substr($0,3)}' " +
      file + " | LC_ALL=C sort -u");
  for (std::string_view path : base::Split(paths, '\n')) {
    if (MayTellOfSoftware(path)) expected.emplace_back(path);
  }
  EXPECT_GT(expected.size(), 5u);
  EXPECT_EQ(Extract(Apk(), kPath, ReadFile(file)).owned_files, expected);
}

TEST(ApkTest, WantsTheDatabaseInBothPlaces) {
  EXPECT_TRUE(Apk().Wants("lib/apk/db/installed"));
  EXPECT_TRUE(Apk().Wants("usr/lib/apk/db/installed"));
  EXPECT_FALSE(Apk().Wants("lib/apk/db/triggers"));
}

TEST(ApkTest, FieldsMakeAPackageAndFilesAreSkipped) {
  const auto extract = Extract(Apk(), kPath,
                               "C:Q1abc=\n"
                               "P:libcrypto3\n"
                               "V:3.1.2-r0\n"
                               "A:x86_64\n"
                               "T:a library: with a colon\n"
                               "L:Apache-2.0\n"
                               "o:openssl\n"
                               "m:Ariadne <a@example.org>\n"
                               "F:lib\n"
                               "R:libcrypto.so.3\n"
                               "a:0:0:755\n"
                               "\n"
                               "P:musl\n"
                               "V:1.2.4-r1\n"
                               "A:x86_64\n"
                               "\n");
  EXPECT_THAT(Lines(extract.packages),
              ElementsAre("libcrypto3 3.1.2-r0 x86_64 openssl 3.1.2-r0",
                          "musl 1.2.4-r1 x86_64 musl 1.2.4-r1"));
  EXPECT_EQ(extract.packages[0].type, "apk");
  EXPECT_EQ(extract.packages[0].vendor, "Ariadne <a@example.org>");
  EXPECT_THAT(extract.packages[0].licenses, ElementsAre("Apache-2.0"));
  EXPECT_TRUE(extract.packages[1].licenses.empty());
  EXPECT_EQ(extract.problem, "");
}

TEST(ApkTest, ABrokenStanzaIsAProblemAndTheRestIsKept) {
  const auto extract = Extract(Apk(), kPath,
                               "this is no database\n\nP:nameless\n\n"
                               "P:musl\nV:1\n");
  EXPECT_EQ(extract.packages.size(), 1u);
  EXPECT_EQ(extract.problem,
            "line 1: not a field: this is no database (and 1 more)");
}

TEST(ApkTest, AnEmptyDatabaseIsNoProblem) {
  const auto extract = Extract(Apk(), kPath, "");
  EXPECT_TRUE(extract.packages.empty());
  EXPECT_EQ(extract.problem, "");
}

TEST(ApkTest, DamagedDatabasesEndInAnExtract) {
  std::string text;
  for (int i = 0; i < 200; ++i) {
    text += "P:p" + std::to_string(i) + "\nV:1.0-r0\nA:x86_64\nF:usr/lib\n\n";
  }
  EXPECT_GT(testing::ExtractFromDamaged(Apk(), kPath, text), 5);
}

// The corpus's truth is the files themselves: read here the way apk's own
// format description has it, by a second, plainer reader.
std::vector<std::string> ReadPlainly(const std::string& text) {
  std::vector<std::string> lines;
  std::string name, version, architecture, origin;
  for (std::string_view line : base::Split(text, '\n')) {
    if (line.starts_with("P:")) name = line.substr(2);
    if (line.starts_with("V:")) version = line.substr(2);
    if (line.starts_with("A:")) architecture = line.substr(2);
    if (line.starts_with("o:")) origin = line.substr(2);
    if (line.empty() && !name.empty()) {
      lines.push_back(name + " " + version + " " + architecture + " " + origin +
                      " " + version);
      name.clear();
    }
  }
  return lines;
}

TEST(ApkTest, CorpusAlpineRootsComeOutWhole) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const std::string folder = *corpus + "/pkgdb/apk/";
  int roots = 0;
  size_t packages = 0;
  for (const std::string& file : testing::FilesBelow(folder)) {
    if (!file.ends_with(kPath)) continue;
    const std::string text = ReadFile(folder + file);
    const auto extract = Extract(Apk(), kPath, text);
    EXPECT_EQ(extract.problem, "") << file;
    EXPECT_THAT(Lines(extract.packages),
                ::testing::UnorderedElementsAreArray(ReadPlainly(text)))
        << file;
    packages += extract.packages.size();
    ++roots;
  }
  EXPECT_EQ(roots, 16);
  EXPECT_EQ(packages, 224u);
}

TEST(ApkTest, CorpusCorruptDatabaseKeepsWhatIsReadable) {
  const auto corpus = Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const auto extract = Extract(
      Apk(), kPath,
      ReadFile(*corpus + "/pkgdb/syft/alpine/corrupt/lib/apk/db/installed"));
  EXPECT_NE(extract.problem, "");
  EXPECT_FALSE(extract.packages.empty());
}

}  // namespace
}  // namespace landwaiter::agent::extract::os
