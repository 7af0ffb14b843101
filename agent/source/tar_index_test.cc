#include "agent/source/tar_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/layer/testing/archive_builder.h"
#include "core/base/failure.h"
#include "tests/support/files.h"

namespace landwaiter::agent::source {
namespace {

using base::FailureCode;
using layer::testing::ArchiveBuilder;
using ::testing::HasSubstr;

class TarIndexTest : public ::testing::Test {
 protected:
  absl::StatusOr<TarIndex> Index(std::string_view archive,
                                 size_t max_entries = kMaxArchiveEntries) {
    landwaiter::testing::WriteFile(path_, archive);
    LANDWAITER_ASSIGN_OR_RETURN(const LocalFile file, LocalFile::Open(path_));
    return IndexTar(file, max_entries);
  }
  // What the archive holds under `name`; "" if nothing.
  std::string Content(const TarIndex& index, const std::string& name) {
    const auto found = index.find(name);
    if (found == index.end()) return "";
    const auto file = LocalFile::Open(path_);
    return file->ReadString(found->second.offset, found->second.size).value();
  }
  void ExpectFails(std::string_view archive, FailureCode code,
                   std::string_view message,
                   size_t max_entries = kMaxArchiveEntries) {
    const auto index = Index(archive, max_entries);
    ASSERT_FALSE(index.ok());
    EXPECT_EQ(base::FailureCodeOf(index.status()), code) << index.status();
    EXPECT_THAT(std::string(index.status().message()), HasSubstr(message));
  }

 private:
  const landwaiter::testing::TempDir directory_;
  const std::string path_ = directory_.path() + "/archive.tar";
};

TEST_F(TarIndexTest, PlacesOfFilesAreFoundInAllFormsOfNames) {
  const std::string long_name(300, 'l');
  const std::string pax_name = "blobs/" + std::string(200, 'p');
  const std::string big(5000, 'b');
  const auto index = Index(ArchiveBuilder()
                               .Directory("blobs/")
                               .File("./a", "first")
                               .File("/b", "")
                               .LongName(long_name)
                               .File("short", big)
                               .Pax({{"path", pax_name}, {"size", "6"}})
                               .File("short", "second")
                               .Finish());
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ(index->size(), 4u);
  EXPECT_EQ(Content(*index, "a"), "first");
  EXPECT_TRUE(index->contains("b"));
  EXPECT_EQ(Content(*index, long_name), big);
  EXPECT_EQ(Content(*index, pax_name), "second");
}

TEST_F(TarIndexTest, LinksLeadToTheirTarget) {
  const auto index = Index(ArchiveBuilder()
                               .File("x/layer.tar", "layer")
                               .Symlink("y/layer.tar", "../x/layer.tar")
                               .HardLink("z", "x/layer.tar")
                               .Symlink("outside", "../../etc/passwd")
                               .Finish());
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ(Content(*index, "y/layer.tar"), "layer");
  EXPECT_EQ(Content(*index, "z"), "layer");
  EXPECT_FALSE(index->contains("outside"));
  EXPECT_FALSE(index->at("z").repeated);
}

TEST_F(TarIndexTest, ANameThatStandsTwiceIsMarkedAndTheLastOneCounts) {
  const auto index = Index(ArchiveBuilder()
                               .File("a", "one")
                               .File("b", "b")
                               .File("./a", "two")
                               .Symlink("b", "a")
                               .File("c", "c")
                               .Finish());
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_TRUE(index->at("a").repeated);
  EXPECT_EQ(Content(*index, "a"), "two");
  EXPECT_TRUE(index->at("b").repeated);
  EXPECT_FALSE(index->at("c").repeated);
}

TEST_F(TarIndexTest, PathsThatClimbOutAreNobodys) {
  const auto index =
      Index(ArchiveBuilder().File("../a", "x").File("b", "b").Finish());
  ASSERT_TRUE(index.ok()) << index.status();
  EXPECT_EQ(index->size(), 1u);
}

TEST_F(TarIndexTest, WhatIsNoTarIsUnsupported) {
  ExpectFails("", FailureCode::kUnsupportedMedia, "no file");
  ExpectFails(std::string(4096, '\0'), FailureCode::kUnsupportedMedia,
              "no file");
  ExpectFails(std::string(4096, 'x'), FailureCode::kUnsupportedMedia,
              "not a whole tar archive");
  ExpectFails(layer::testing::Gzip(ArchiveBuilder().File("a", "a").Finish()),
              FailureCode::kUnsupportedMedia, "not a whole tar archive");
}

TEST_F(TarIndexTest, AnArchiveThatEndsTooEarlyIsUnsupportedWhereverItDoes) {
  const std::string whole =
      ArchiveBuilder().File("a", std::string(3000, 'a')).bytes();
  for (const size_t size : {size_t{100}, size_t{600}, size_t{3511}}) {
    ExpectFails(whole.substr(0, size), FailureCode::kUnsupportedMedia,
                "not a whole tar archive");
  }
  // Only padding is missing, or the end marker.
  EXPECT_TRUE(Index(whole.substr(0, 3512)).ok());
  EXPECT_TRUE(Index(whole).ok());
}

TEST_F(TarIndexTest, ASizeThatLiesLeadsNowhereBehindTheFile) {
  ExpectFails(
      ArchiveBuilder().Header('0', "manifest.json", uint64_t{1} << 60).Finish(),
      FailureCode::kUnsupportedMedia, "not a whole tar archive");
}

TEST_F(TarIndexTest, TooManyEntriesAreALimit) {
  ArchiveBuilder many;
  for (int i = 0; i < 100; ++i) many.File("same", "");
  ExpectFails(many.Finish(), FailureCode::kLimitExceeded, "tar headers", 10);
  EXPECT_TRUE(Index(many.Finish(), 100).ok());
}

}  // namespace
}  // namespace landwaiter::agent::source
