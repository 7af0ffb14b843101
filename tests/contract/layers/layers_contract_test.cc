// Our reading of layers against what real unpackers make of the same bytes
// (docs/layers.md tells of the differences). umoci unpacks as containerd and
// Podman do, with Go's archive/tar.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "agent/layer/tar_header.h"
#include "agent/layer/testing/archive_builder.h"
#include "core/base/strings.h"
#include "tests/contract/layers/tree.h"
#include "tests/contract/layers/unpackers.h"

namespace landwaiter::contract {
namespace {

using agent::layer::kTarBlock;
using agent::layer::testing::ArchiveBuilder;
using agent::layer::testing::FixChecksum;
using agent::layer::testing::TarHeaderBlock;

std::string With(std::string block, size_t at, std::string_view field) {
  block.replace(at, field.size(), field);
  FixChecksum(block);
  return block;
}

std::string Mode(std::string block, std::string_view octal) {
  return With(std::move(block), 100, base::StrCat(octal, std::string(1, 0)));
}

std::string Device(char type, std::string_view path, std::string_view high,
                   std::string_view low) {
  return With(With(TarHeaderBlock(type, path, 0), 329, high), 337, low);
}

std::string Base() {
  ArchiveBuilder tar;
  tar.Directory("etc/").File("etc/a", "a").File("etc/b", "bb");
  tar.Directory("var/").Directory("var/lib/").File("var/lib/x", "x");
  tar.File("var/lib/y", "y").Symlink("l", "etc/a").HardLink("h", "etc/b");
  tar.Directory("opt/").File("opt/one", "1").Directory("opt/d/");
  return tar.File("opt/d/two", "2").Finish();
}

struct Image {
  std::string name;
  std::vector<std::string> layers;
  // What umoci and containerd refuse to unpack, an image may have all the same.
  bool refused = false;
};
void PrintTo(const Image& image, std::ostream* out) { *out << image.name; }

std::vector<Image> Whiteouts() {
  const auto upper = [](const ArchiveBuilder& tar) {
    return std::vector<std::string>{Base(), tar.Finish()};
  };
  return {
      {"whiteoutOfAFile", upper(ArchiveBuilder().File("etc/.wh.a", ""))},
      {"whiteoutOfADirectory", upper(ArchiveBuilder().File(".wh.opt", ""))},
      {"whiteoutOfWhatIsNotThere",
       upper(ArchiveBuilder().File("etc/.wh.nothing", ""))},
      {"whiteoutBehindAFileOfItsOwnLayer",
       upper(ArchiveBuilder().File("etc/a", "new").File("etc/.wh.a", ""))},
      {"whiteoutBeforeAFileOfItsOwnLayer",
       upper(ArchiveBuilder().File("etc/.wh.a", "").File("etc/a", "new"))},
      {"whiteoutOfADirectoryThatIsMadeAnew",
       upper(ArchiveBuilder()
                 .File(".wh.opt", "")
                 .Directory("opt/")
                 .File("opt/three", "3"))},
      {"whiteoutBehindADirectoryOfItsOwnLayer",
       upper(ArchiveBuilder()
                 .Directory("opt/")
                 .File("opt/three", "3")
                 .File(".wh.opt", ""))},
      {"opaqueDirectory", upper(ArchiveBuilder()
                                    .Directory("opt/")
                                    .File("opt/.wh..wh..opq", "")
                                    .File("opt/three", "3"))},
      {"opaqueMarkerBehindTheFiles", upper(ArchiveBuilder()
                                               .Directory("opt/")
                                               .File("opt/three", "3")
                                               .Directory("opt/d/")
                                               .File("opt/d/four", "4")
                                               .File("opt/.wh..wh..opq", ""))},
      {"opaqueDirectoryWithoutAnEntry",
       upper(ArchiveBuilder().File("opt/.wh..wh..opq", ""))},
      {"opaqueRoot",
       upper(ArchiveBuilder().File(".wh..wh..opq", "").File("only", "1"))},
      {"namesOfAufs", upper(ArchiveBuilder()
                                .File(".wh..wh.aufs", "")
                                .Directory(".wh..wh.plnk/")
                                .File(".wh..wh.plnk/x", ""))},
      {"threeLayers",
       {Base(), ArchiveBuilder().File("etc/.wh.a", "").Finish(),
        ArchiveBuilder().File("etc/a", "again").Finish()}},
  };
}

std::vector<Image> Replacements() {
  const auto upper = [](const ArchiveBuilder& tar) {
    return std::vector<std::string>{Base(), tar.Finish()};
  };
  return {
      {"fileByFile", upper(ArchiveBuilder().File("etc/a", "other"))},
      {"fileByDirectory", upper(ArchiveBuilder().Directory("etc/a/"))},
      {"directoryByFile", upper(ArchiveBuilder().File("opt", "file"))},
      {"directoryByLink", upper(ArchiveBuilder().Symlink("opt", "etc"))},
      {"linkByFile", upper(ArchiveBuilder().File("l", "file"))},
      {"linkByDirectory", upper(ArchiveBuilder().Directory("l/"))},
      {"directoryByDirectory",
       upper(ArchiveBuilder().Bytes(
           Mode(TarHeaderBlock('5', "opt/", 0), "0000700")))},
      {"hardLinkToALowerLayer",
       upper(ArchiveBuilder().HardLink("new", "etc/a"))},
      {"hardLinkToWhatIsReplacedLater",
       upper(ArchiveBuilder().HardLink("new", "etc/a").File("etc/a", "z"))},
      {"hardLinkOverAFile", upper(ArchiveBuilder().HardLink("etc/a", "etc/b"))},
      {"hardLinkOfAHardLink",
       upper(ArchiveBuilder().HardLink("i", "h").HardLink("j", "i"))},
      {"duplicates",
       {ArchiveBuilder()
            .File("a", "1")
            .File("a", "22")
            .Directory("d/")
            .File("d", "x")
            .Finish()}},
      {"duplicateDirectoryBecomesALink",
       {ArchiveBuilder()
            .Directory("d/")
            .File("d/x", "1")
            .Symlink("d", "e")
            .Finish()}},
  };
}

std::string OldSparse() {
  std::string old = TarHeaderBlock('S', "old", 3, "", {"ustar  \0", 8});
  old = With(old, 386, "00000000004");
  old = With(old, 398, "00000000003");
  old = With(old, 410, "00000000017");  // GNU tar takes the end from here
  old = With(old, 422, "00000000000");
  old = With(old, 483, "00000000017");
  return ArchiveBuilder().Bytes(old).Bytes("abc").Pad().Finish();
}

std::string PaxSparse() {
  ArchiveBuilder tar;
  tar.Pax({{"GNU.sparse.size", "10"},
           {"GNU.sparse.numblocks", "2"},
           {"GNU.sparse.offset", "2"},
           {"GNU.sparse.numbytes", "2"},
           {"GNU.sparse.offset", "7"},
           {"GNU.sparse.numbytes", "1"}})
      .File("v0.0", "abc");
  tar.Pax({{"GNU.sparse.name", "v0.1"},
           {"GNU.sparse.size", "10"},
           {"GNU.sparse.numblocks", "2"},
           {"GNU.sparse.map", "2,2,7,1"}})
      .File("GNUSparseFile.1/v0.1", "abc");
  std::string map = "2\n2\n2\n7\n1\n";
  map.resize(kTarBlock);
  tar.Pax({{"GNU.sparse.major", "1"},
           {"GNU.sparse.minor", "0"},
           {"GNU.sparse.realsize", "10"},
           {"GNU.sparse.name", "v1.0"}})
      .File("GNUSparseFile.0/v1.0", map + "abc");
  return tar.File("after", "x").Finish();
}

std::vector<Image> Oddities() {
  const std::string name(150, 'n');
  const std::string link(150, 'l');
  using namespace std::string_literals;
  return {
      {"pathsThatAreNotClean",
       {ArchiveBuilder()
            .File("./a//b/./c", "1")
            .File("/abs", "2")
            .Directory("./d/")
            .Directory("./")
            .Finish()}},
      {"longNames",
       {ArchiveBuilder()
            .LongName(name)
            .LongLink(link)
            .Symlink("s", "s")
            .Pax({{"path", "p" + name}, {"linkpath", "p" + link}})
            .Symlink("s", "s")
            .Finish()}},
      {"paxSizeAndOwner",
       {ArchiveBuilder()
            .Pax({{"size", "3"}, {"uid", "70000"}, {"gid", "80000"}})
            .Header('0', "a", 0)
            .Bytes("abc")
            .Pad()
            .File("b", "x")
            .Finish()}},
      {"globalHeaders",
       {ArchiveBuilder()
            .Pax({{"path", "global"}, {"uid", "5"}}, 'g')
            .File("a", "1")
            .File("b", "2")
            .Finish()},
       true},
      {"longNameBeforeAGlobalHeader",
       {ArchiveBuilder()
            .LongName("smuggled")
            .Pax({{"comment", "x"}}, 'g')
            .File("own", "1")
            .Finish()},
       true},
      {"twoLongNames",
       {ArchiveBuilder()
            .LongName("first")
            .LongName("second")
            .File("own", "1")
            .Finish()}},
      {"paxAndLongName",
       {ArchiveBuilder()
            .Pax({{"path", "pax"}})
            .LongName("gnu")
            .File("own", "1")
            .Finish()}},
      {"linksAndDirectoriesWithASize",
       {ArchiveBuilder()
            .Header('5', "d/", 600)
            .Header('2', "l", 600, "x")
            .File("f", "1")
            .Finish()}},
      {"modes",
       {ArchiveBuilder()
            .Bytes(Mode(TarHeaderBlock('0', "suid", 0), "0104755"))
            .Bytes(Mode(TarHeaderBlock('0', "sgid", 0), "0002755"))
            .Bytes(Mode(TarHeaderBlock('5', "tmp/", 0), "0001777"))
            .Bytes(Mode(TarHeaderBlock('0', "none", 0), "0000000"))
            .Finish()}},
      {"base256",
       {ArchiveBuilder()
            .Bytes(With(TarHeaderBlock('0', "a", 3), 108,
                        "\x80\0\0\0\0\x01\x11\x70"s))
            .Bytes("abc")
            .Pad()
            .Bytes(With(TarHeaderBlock('0', "b", 0), 124,
                        "\x80\0\0\0\0\0\0\0\0\0\0\x02"s))
            .Bytes("xy")
            .Pad()
            .Finish()}},
      {"devices",
       {ArchiveBuilder()
            .Bytes(Device('3', "null", "0000001", "0000003"))
            .Bytes(Device('4', "disk", "0000010", "0000001"))
            .Header('6', "pipe", 0)
            .Finish()}},
      {"v7",
       {TarHeaderBlock('\0', "dir/", 0, "", "\0\0\0\0\0\0\0\0"s) +
        TarHeaderBlock('\0', "file", 0, "", "\0\0\0\0\0\0\0\0"s)}},
      {"contiguous", {ArchiveBuilder().Header('7', "a", 0).Finish()}, true},
      {"sparseOfPax", {PaxSparse()}},
      {"sparseOfGnu", {OldSparse()}, true},
      {"noEnd", {ArchiveBuilder().File("a", "1").bytes()}},
      {"moreBehindTheEnd",
       {ArchiveBuilder().File("a", "1").Finish() +
        ArchiveBuilder().File("b", "2").Finish()}},
      {"notUtf8",
       {ArchiveBuilder().File("caf\xe9", "1").File("\xff\xfe", "2").Finish()}},
      {"prefix",
       {ArchiveBuilder()
            .Bytes(With(TarHeaderBlock('0', "name", 0), 345, "some/prefix"))
            .Finish()}},
      {"hugeTimes",
       {ArchiveBuilder().Pax({{"mtime", "1.5"}}).File("a", "1").Finish()}},
  };
}

std::vector<Image> Images() {
  std::vector<Image> all;
  for (const auto& some : {Whiteouts(), Replacements(), Oddities()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

class UmociTest : public ::testing::TestWithParam<Image> {};

TEST_P(UmociTest, UnpacksWhatWeListOrNothing) {
  if (!Usable("umoci")) GTEST_SKIP() << "needs umoci, and root";
  Scratch scratch;
  const auto theirs = UnpackWithUmoci(GetParam().layers, scratch);
  if (GetParam().refused) {
    EXPECT_FALSE(theirs.has_value());
    return;
  }
  ASSERT_TRUE(theirs.has_value()) << "umoci refuses it";
  const auto ours = OurTree(GetParam().layers);
  ASSERT_TRUE(ours.ok()) << ours.status();
  EXPECT_EQ(Differences(*ours, *theirs), "");
}

INSTANTIATE_TEST_SUITE_P(Layers, UmociTest, ::testing::ValuesIn(Images()),
                         [](const auto& info) { return info.param.name; });

// A layer by chance: names are few, so that entries meet. `files` are those of
// the image so far; below them nothing is put, which unpackers refuse.
std::string RandomLayer(std::mt19937& random, bool upper,
                        std::set<std::string>& files) {
  const auto pick = [&random](size_t n) { return random() % n; };
  const auto name = [&] {
    std::string path(1, static_cast<char>('a' + pick(3)));
    for (size_t depth = pick(3); depth > 0; --depth) {
      path += "/";
      path += static_cast<char>('a' + pick(3));
    }
    return path;
  };
  ArchiveBuilder tar;
  std::vector<std::string> targets;
  for (size_t i = 2 + pick(10); i > 0; --i) {
    const std::string path = name();
    if (files.contains(path.substr(0, 1)) ||
        (path.size() > 4 && files.contains(path.substr(0, 3)))) {
      continue;
    }
    switch (pick(upper ? 8 : 5)) {
      case 0:
      case 1:
        tar.File(path, std::string(pick(700), 'x'));
        files.insert(path);
        targets.push_back(path);
        break;
      case 2:
      case 3:
        tar.Directory(path + "/");
        break;
      case 4:
        if (!targets.empty()) {
          tar.HardLink(path, targets.back());
          files.insert(path);
        }
        break;
      case 5:
      case 6: {
        const size_t slash = path.rfind('/');
        const size_t at = slash == path.npos ? 0 : slash + 1;
        tar.File(path.substr(0, at) + ".wh." + path.substr(at), "");
        break;
      }
      default:
        tar.Directory(path + "/").File(path + "/.wh..wh..opq", "");
    }
  }
  return tar.Finish();
}

TEST(Umoci, UnpacksWhatWeListOfImagesMadeByChance) {
  if (!Usable("umoci")) GTEST_SKIP() << "needs umoci, and root";
  int unpacked = 0;
  for (unsigned seed = 0; seed < 80; ++seed) {
    std::mt19937 random(seed);
    std::set<std::string> files;
    std::vector<std::string> layers;
    for (const bool upper : {false, true, true}) {
      layers.push_back(RandomLayer(random, upper, files));
    }
    Scratch scratch;
    const auto theirs = UnpackWithUmoci(layers, scratch);
    if (!theirs) continue;  // a hard link to what is gone, say
    ++unpacked;
    const auto ours = OurTree(layers);
    ASSERT_TRUE(ours.ok()) << seed << ": " << ours.status();
    EXPECT_EQ(Differences(*ours, *theirs), "") << "seed " << seed;
  }
  EXPECT_GT(unpacked, 20);
}

TEST(Umoci, ReadsNoHeaderThatWeReadOtherwise) {
  if (!Usable("umoci")) GTEST_SKIP() << "needs umoci, and root";
  const std::vector<Image> images = Oddities();
  int unpacked = 0;
  for (unsigned seed = 0; seed < 100; ++seed) {
    std::mt19937 random(seed);
    std::string bytes = images[random() % images.size()].layers[0];
    const size_t blocks = bytes.size() / kTarBlock;
    for (size_t i = 1 + random() % 3; i > 0; --i) {
      const size_t block = random() % blocks * kTarBlock;
      std::string header = bytes.substr(block, kTarBlock);
      header[random() % kTarBlock] = static_cast<char>(random());
      FixChecksum(header);
      bytes.replace(block, kTarBlock, header);
    }
    Scratch scratch;
    const auto theirs = UnpackWithUmoci({bytes}, scratch);
    if (!theirs) continue;
    ++unpacked;
    const auto ours = OurTree({bytes});
    ASSERT_TRUE(ours.ok()) << seed << ": " << ours.status();
    EXPECT_EQ(Differences(*ours, *theirs), "") << "seed " << seed;
  }
  EXPECT_GT(unpacked, 20);
}

// An unpacker follows links of lower layers; a list of what a layer has does
// not know of them. The file is there, under the name that the layer gave it.
TEST(Umoci, PutsAFileBelowALinkWhereTheLinkLeads) {
  if (!Usable("umoci")) GTEST_SKIP() << "needs umoci, and root";
  const std::vector<std::string> layers = {
      ArchiveBuilder().Directory("etc/").Symlink("l", "etc").Finish(),
      ArchiveBuilder().File("l/new", "x").Finish()};
  Scratch scratch;
  auto theirs = UnpackWithUmoci(layers, scratch);
  ASSERT_TRUE(theirs.has_value());
  auto ours = OurTree(layers);
  ASSERT_TRUE(ours.ok()) << ours.status();
  ASSERT_TRUE(theirs->contains("etc/new"));
  ASSERT_TRUE(ours->contains("l/new"));
  EXPECT_EQ(ours->at("l/new"), theirs->at("etc/new"));
  ours->erase("l/new");
  theirs->erase("etc/new");
  EXPECT_EQ(Differences(*ours, *theirs), "");
}

class TarTest : public ::testing::TestWithParam<std::string> {};

// Of what has no whiteouts, every tar can be asked. GNU tar and libarchive
// apply global headers to the entries behind them, as POSIX has it, and keep
// what stands before one; where a name is told in two ways they take the pax
// record. Go's reader, so every runtime, does not, and neither do we.
TEST_P(TarTest, UnpacksWhatWeListButWhereItDiffersFromGo) {
  if (!Usable(GetParam())) GTEST_SKIP() << "needs " << GetParam();
  std::vector<std::string> differ;
  std::string how;
  for (const Image& image : Oddities()) {
    Scratch scratch;
    const auto theirs = UnpackWithTar(GetParam(), image.layers[0], scratch);
    if (!theirs) continue;
    const auto ours = OurTree(image.layers);
    ASSERT_TRUE(ours.ok()) << image.name << ": " << ours.status();
    const std::string differences = Differences(*ours, *theirs);
    if (differences.empty()) continue;
    differ.push_back(image.name);
    base::StrAppend(&how, image.name, ": ", differences);
  }
  std::vector<std::string> expected = {"longNameBeforeAGlobalHeader",
                                       "paxAndLongName"};
  if (GetParam() == "tar") expected.insert(expected.begin(), "globalHeaders");
  EXPECT_EQ(differ, expected) << how;
}

INSTANTIATE_TEST_SUITE_P(Layers, TarTest, ::testing::Values("tar", "bsdtar"),
                         [](const auto& info) { return info.param; });

// A tree with everything that an archive can hold.
constexpr std::string_view kMakeTree = R"sh(
mkdir -p tree/d/e tree/$(printf 'n%.0s' {1..120})
cd tree
echo one >d/one
ln d/one d/hard
ln -s ../d/one d/e/link
ln -s "$(printf 'l%.0s' {1..130})" d/long
echo x >"$(printf 'f%.0s' {1..140})"
mkfifo d/pipe
mknod d/null c 1 3
mknod d/disk b 8 1
chmod 4755 d/one
chmod 1777 d/e
chown 70000:80000 d/e
printf head >sparse
truncate -s 3M sparse
printf tail >>sparse
truncate -s 5M sparse
truncate -s 2M holes
for i in {1..40}; do
  printf x | dd of=many bs=1 seek=$((i * 131072)) conv=notrunc
done
cd ..
)sh";

class PackerTest : public ::testing::TestWithParam<std::string> {};

TEST_P(PackerTest, WritesWhatWeReadAgain) {
  if (!Usable(GetParam().substr(0, GetParam().find(' ')))) {
    GTEST_SKIP() << "needs " << GetParam();
  }
  Scratch scratch;
  const std::string directory = scratch.NewDirectory();
  ASSERT_TRUE(Shell(base::StrCat("cd ", directory, "\n", kMakeTree, GetParam(),
                                 " -C tree -cf a.tar .")));
  std::ifstream in(directory + "/a.tar", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  const auto ours = OurTree({bytes});
  ASSERT_TRUE(ours.ok()) << ours.status();
  EXPECT_GT(ours->size(), 12u);
  EXPECT_EQ(Differences(*ours, TreeOnDisk(directory + "/tree")), "");
}

INSTANTIATE_TEST_SUITE_P(
    Layers, PackerTest,
    ::testing::Values("tar --format=gnu", "tar --format=gnu --sparse",
                      "tar --format=oldgnu --sparse", "tar --format=pax",
                      "tar --format=pax --sparse --sparse-version=0.0",
                      "tar --format=pax --sparse --sparse-version=0.1",
                      "tar --format=pax --sparse --sparse-version=1.0",
                      "tar --format=gnu --sparse -z", "bsdtar --format=pax",
                      "bsdtar --format=gnutar", "bsdtar --format=pax -z",
                      "bsdtar --format=pax --read-sparse"));

}  // namespace
}  // namespace landwaiter::contract
