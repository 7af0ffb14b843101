#include "core/merge/files.h"

#include <string>
#include <vector>

#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/file_list/writer.h"
#include "core/merge/merge.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::merge {
namespace {

using file_list::Entry;
using file_list::Kind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A layer is named by a letter, from which its digests are made.
class Layer {
 public:
  explicit Layer(char name) : name_(name) {}

  Layer& File(const std::string& path, const std::string& content = "x") {
    return Add({.kind = Kind::kFile, .path = path}, content);
  }
  // A file in which an extractor found a package.
  Layer& Program(const std::string& path, const std::string& package) {
    model::Package found{.type = "golang", .name = package, .version = "1"};
    report_.extracts.push_back(
        {.path = path, .extractor = "lang/x", .packages = {found}});
    return File(path);
  }
  Layer& Directory(const std::string& path) {
    return Add({.kind = Kind::kDirectory, .path = path});
  }
  Layer& Symlink(const std::string& path, const std::string& target) {
    return Add({.kind = Kind::kSymlink, .path = path, .target = target});
  }
  Layer& HardLink(const std::string& path, const std::string& target) {
    return Add({.kind = Kind::kHardLink, .path = path, .target = target});
  }
  Layer& Device(const std::string& path) {
    return Add({.kind = Kind::kCharDevice, .path = path});
  }
  Layer& Whiteout(const std::string& path, bool opaque = false) {
    report_.whiteouts.push_back({path, opaque});
    return *this;
  }
  Layer& Limit(uint64_t bytes) {
    limit_ = bytes;
    return *this;
  }

  model::LayerReport Report() {
    std::string zstd;
    file_list::Writer writer(
        [&zstd](std::string_view bytes) {
          zstd += bytes;
          return absl::OkStatus();
        },
        limit_);
    for (const Kept& kept : entries_) {
      Entry entry = kept.entry;
      entry.path = kept.path;
      entry.target = kept.target;
      entry.sha256 = kept.sha256;
      EXPECT_TRUE(writer.Add(entry).ok());
    }
    EXPECT_TRUE(writer.Finish().ok());
    report_.files = {zstd, writer.sha256(), writer.size(), writer.count(),
                     writer.cut()};
    report_.blob_digest = model::Digest::FromSha256Hex(std::string(64, name_));
    return report_;
  }

 private:
  struct Kept {
    Entry entry;
    std::string path;
    std::string target;
    std::string sha256;
  };

  Layer& Add(const Entry& entry, const std::string& content = "") {
    base::Sha256 hash;
    hash.Update(content);
    entries_.push_back({entry, std::string(entry.path),
                        std::string(entry.target),
                        entry.kind == Kind::kFile ? hash.FinishRaw() : ""});
    entries_.back().entry.size = content.size();
    return *this;
  }

  const char name_;
  uint64_t limit_ = 1 << 20;
  std::vector<Kept> entries_;
  model::LayerReport report_;
};

// "package in layer".
std::vector<std::string> Packages(std::vector<Layer> layers) {
  std::vector<model::LayerReport> reports;
  for (Layer& layer : layers) reports.push_back(layer.Report());
  const model::Inventory inventory = MergeLayers(reports);
  EXPECT_THAT(inventory.problems, IsEmpty());
  std::vector<std::string> names;
  for (const model::InstalledPackage& found : inventory.packages) {
    names.push_back(found.package.name + " in " + found.layer.hex()[0]);
  }
  return names;
}

// "kind path" and the layer's letter.
std::vector<std::string> Files(std::vector<Layer> layers) {
  std::vector<model::LayerReport> reports;
  for (Layer& layer : layers) reports.push_back(layer.Report());
  std::vector<std::string> lines;
  for (const model::File& file : MergeFiles(reports).files) {
    lines.push_back(file.kind + " " + file.path + " " + file.layer.hex()[0]);
  }
  return lines;
}

TEST(HiddenByFilesTest, AProgramThatAScriptReplacedIsGone) {
  EXPECT_THAT(Packages({Layer('a').Program("app/server", "m"),
                        Layer('b').File("app/server", "#!/bin/sh")}),
              IsEmpty());
  EXPECT_THAT(Packages({Layer('a').Program("app/server", "m"),
                        Layer('b').File("app/server2", "#!/bin/sh")}),
              ElementsAre("m in a"));
}

TEST(HiddenByFilesTest, WhatStandsInADirectorysPlaceHidesAllBelowIt) {
  const Layer lower = Layer('a')
                          .Directory("srv/node_modules")
                          .Program("srv/node_modules/a/package.json", "a")
                          .Program("srv/node_modules-old/package.json", "old");
  for (const Layer& upper :
       {Layer('b').Symlink("srv/node_modules", "/opt/modules"),
        Layer('b').Device("srv/node_modules"),
        Layer('b').File("srv/node_modules"),
        Layer('b').HardLink("srv/node_modules", "etc/x")}) {
    EXPECT_THAT(Packages({lower, upper}), ElementsAre("old in a"));
  }
  EXPECT_THAT(Packages({lower, Layer('b').Directory("srv/node_modules")}),
              ElementsAre("a in a", "old in a"));
}

TEST(HiddenByFilesTest, ADirectoryHidesAFileButNotWhatIsBelowIt) {
  EXPECT_THAT(
      Packages({Layer('a').Program("app", "m"), Layer('b').Directory("app")}),
      IsEmpty());
}

TEST(HiddenByFilesTest, AProgramThatIsCopiedUpKeepsItsLayer) {
  EXPECT_THAT(Packages({Layer('a').Program("app/server", "m"),
                        Layer('b').Program("app/server", "m")}),
              ElementsAre("m in a"));
  EXPECT_THAT(Packages({Layer('a').Program("app/server", "m"),
                        Layer('b').File("app/server"),
                        Layer('c').Program("app/server", "m")}),
              ElementsAre("m in c"));
}

TEST(HiddenByFilesTest, ALinkOfALowerLayerEndsWithTheDirectoryInItsPlace) {
  model::LayerReport lower = Layer('a').Symlink("db", "data").Report();
  lower.links = {{"var/lib/rpm/Packages", "elsewhere"}};
  EXPECT_THAT(MergeLayers({lower}).problems, SizeIs(1));
  const model::LayerReport upper =
      Layer('b').Directory("var/lib/rpm/Packages").Report();
  EXPECT_THAT(MergeLayers({lower, upper}).problems, IsEmpty());
}

TEST(HiddenByFilesTest, AListThatIsCutOrBrokenIsAProblem) {
  const model::LayerReport lower = Layer('a').Program("app", "m").Report();
  const model::LayerReport cut =
      Layer('b').Limit(60).File("a").File("b").File("app").Report();
  const model::Inventory merged = MergeLayers({lower, cut});
  EXPECT_THAT(merged.problems,
              ElementsAre(HasSubstr("its list of files ends after 1 entries")));
  EXPECT_THAT(merged.packages, SizeIs(1));
  model::LayerReport broken = Layer('b').File("app").Report();
  broken.files.zstd.pop_back();
  EXPECT_THAT(MergeLayers({lower, broken}).problems,
              ElementsAre(HasSubstr("the list of files is cut or too long")));
}

TEST(MergeFilesTest, UpperLayersReplaceAndRemove) {
  const Layer lower = Layer('a')
                          .Directory("etc")
                          .File("etc/a")
                          .File("etc/b")
                          .Directory("opt")
                          .Directory("opt/x")
                          .File("opt/x/1")
                          .File("top");
  EXPECT_THAT(Files({lower, Layer('b')
                                .Whiteout("etc/b")
                                .Whiteout("opt", true)
                                .Directory("opt")
                                .File("opt/new")
                                .Symlink("top", "etc/a")}),
              ElementsAre("directory etc a", "file etc/a a", "directory opt b",
                          "file opt/new b", "symlink top b"));
  EXPECT_THAT(Files({lower, Layer('b').Whiteout("", true).File("only")}),
              ElementsAre("file only b"));
  EXPECT_THAT(Files({lower, Layer('b').File("opt").File("etc/c")}),
              ElementsAre("directory etc a", "file etc/a a", "file etc/b a",
                          "file etc/c b", "file opt b", "file top a"));
}

TEST(MergeFilesTest, TheLastEntryOfAPathWinsAndAHardLinkHasItsTargetsContent) {
  std::vector<model::LayerReport> reports = {
      Layer('a').File("a", "old").File("a", "new").Report(),
      Layer('b').HardLink("b", "./a").HardLink("a", "a").Report()};
  const MergedFiles merged = MergeFiles(reports);
  ASSERT_EQ(merged.files.size(), 2u);
  EXPECT_EQ(merged.files[0].sha256, base::Sha256Hex("new"));
  EXPECT_EQ(merged.files[1].kind, "hardlink");
  EXPECT_EQ(merged.files[1].sha256, base::Sha256Hex("new"));
  EXPECT_EQ(merged.files[1].size, 3u);
}

}  // namespace
}  // namespace landwaiter::merge
