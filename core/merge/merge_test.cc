#include "core/merge/merge.h"

#include <algorithm>
#include <string>
#include <vector>

#include "core/model/layer_report_check.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace landwaiter::merge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kStatus[] = "var/lib/dpkg/status";

model::Package Deb(const std::string& name, const std::string& version) {
  return {.type = "deb", .name = name, .version = version};
}

// A layer is named by a letter, from which its digests are made.
class Layer {
 public:
  explicit Layer(char name) {
    report_.blob_digest = model::Digest::FromSha256Hex(std::string(64, name));
    report_.diff_id = report_.blob_digest;
  }
  Layer& Database(const std::string& path, model::Packages packages,
                  const std::string& problem = "") {
    packages.SortUnique();
    return Extract({.path = path,
                    .extractor = "os/dpkg",
                    .packages = std::move(packages),
                    .problem = problem});
  }
  Layer& Release(const std::string& path, const std::string& id,
                 const std::string& version, const std::string& codename = "") {
    return Extract(
        {.path = path,
         .extractor = "os/release",
         .os_release = model::OsRelease{
             .id = id, .version_id = version, .codename = codename}});
  }
  Layer& Whiteout(const std::string& path, bool opaque = false) {
    report_.whiteouts.push_back({path, opaque});
    std::sort(report_.whiteouts.begin(), report_.whiteouts.end());
    return *this;
  }
  Layer& Obstruct(const std::string& path) {
    report_.obstructions.push_back(path);
    std::sort(report_.obstructions.begin(), report_.obstructions.end());
    return *this;
  }
  Layer& Link(const std::string& path, const std::string& target) {
    Obstruct(path);
    report_.links.push_back({path, target});
    std::sort(report_.links.begin(), report_.links.end());
    return *this;
  }
  operator model::LayerReport() const {  // NOLINT: a builder
    EXPECT_EQ(model::CheckLayerReport(report_), absl::OkStatus());
    return report_;
  }

  Layer& Extract(model::FileExtract extract) {
    report_.extracts.push_back(std::move(extract));
    std::sort(report_.extracts.begin(), report_.extracts.end());
    return *this;
  }

 private:
  model::LayerReport report_;
};

model::Inventory Merge(const std::vector<model::LayerReport>& layers) {
  return MergeLayers(layers);
}

// "name version layer", in the inventory's order.
std::vector<std::string> Names(const model::Inventory& inventory) {
  std::vector<std::string> names;
  for (const auto& p : inventory.packages) {
    names.push_back(p.package.name + " " + p.package.version + " " +
                    std::string(p.layer.hex().substr(0, 1)));
  }
  return names;
}

TEST(MergeTest, NoLayersGiveAnEmptyInventory) {
  EXPECT_EQ(Merge({}), model::Inventory());
}

TEST(MergeTest, OneLayerIsListedAsItIs) {
  const auto inventory =
      Merge({Layer('a')
                 .Database(kStatus, {Deb("libc6", "2.36")})
                 .Release("etc/os-release", "debian", "12")});
  EXPECT_THAT(Names(inventory), ElementsAre("libc6 2.36 a"));
  EXPECT_EQ(inventory.packages[0].path, kStatus);
  EXPECT_EQ(inventory.os.id, "debian");
  EXPECT_THAT(inventory.problems, IsEmpty());
}

TEST(MergeTest, AnUpperDatabaseReplacesTheLowerAndEachPackageKeepsItsLayer) {
  EXPECT_THAT(
      Names(Merge(
          {Layer('a').Database(kStatus, {Deb("curl", "1"), Deb("libc6", "2.36"),
                                         Deb("perl", "5")}),
           Layer('b').Database(kStatus, {Deb("curl", "2"), Deb("libc6", "2.36"),
                                         Deb("zsh", "1")})})),
      ElementsAre("curl 2 b", "libc6 2.36 a", "zsh 1 b"));
}

TEST(MergeTest, AVersionThatComesBackBelongsToTheLayerThatBroughtItBack) {
  EXPECT_THAT(Names(Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                           Layer('b').Database(kStatus, {Deb("curl", "2")}),
                           Layer('c').Database(kStatus, {Deb("curl", "1")})})),
              ElementsAre("curl 1 c"));
}

TEST(MergeTest, ALayerThatDoesNotTouchTheDatabaseChangesNothing) {
  EXPECT_THAT(Names(Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                           Layer('b').Whiteout("usr/share/doc")})),
              ElementsAre("curl 1 a"));
}

TEST(MergeTest, AWhiteoutRemovesTheDatabase) {
  EXPECT_THAT(Names(Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                           Layer('b').Whiteout(kStatus)})),
              IsEmpty());
}

TEST(MergeTest, AWhiteoutOfADirectoryRemovesWhatIsBelow) {
  EXPECT_THAT(Names(Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                           Layer('b').Whiteout("var/lib")})),
              IsEmpty());
}

TEST(MergeTest, AWhiteoutDoesNotTouchANameThatOnlyStartsLikeIt) {
  EXPECT_THAT(
      Names(
          Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                 Layer('b').Whiteout("var/li").Whiteout("var/lib/dpkg/stat")})),
      ElementsAre("curl 1 a"));
}

TEST(MergeTest, AWhiteoutHidesLowerLayersOnlyNotItsOwn) {
  EXPECT_THAT(Names(Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                           Layer('b').Whiteout("var").Database(
                               kStatus, {Deb("zsh", "1")})})),
              ElementsAre("zsh 1 b"));
}

TEST(MergeTest, ADatabaseRemovedAndBroughtAgainByOneLayerIsTheSameOne) {
  EXPECT_THAT(
      Names(
          Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                 Layer('b')
                     .Whiteout("var/lib/dpkg", /*opaque=*/true)
                     .Database(kStatus, {Deb("curl", "1"), Deb("zsh", "1")})})),
      ElementsAre("curl 1 a", "zsh 1 b"));
}

TEST(MergeTest, ADatabaseRemovedByOneLayerAndBroughtByTheNextIsNew) {
  EXPECT_THAT(Names(Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                           Layer('b').Whiteout(kStatus),
                           Layer('c').Database(kStatus, {Deb("curl", "1")})})),
              ElementsAre("curl 1 c"));
}

TEST(MergeTest, AnOpaqueDirectoryHidesWhatIsBelowIt) {
  EXPECT_THAT(
      Names(Merge(
          {Layer('a').Database("var/lib/dpkg/status.d/base",
                               {Deb("base", "1")}),
           Layer('b')
               .Whiteout("var/lib/dpkg/status.d", /*opaque=*/true)
               .Database("var/lib/dpkg/status.d/curl", {Deb("curl", "1")})})),
      ElementsAre("curl 1 b"));
}

TEST(MergeTest, AnOpaqueDirectoryIsNotItselfRemoved) {
  // An opaque whiteout of a path that is a file says nothing about the file.
  EXPECT_THAT(Names(Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                           Layer('b').Whiteout(kStatus, /*opaque=*/true)})),
              ElementsAre("curl 1 a"));
}

TEST(MergeTest, AnOpaqueRootEmptiesTheImage) {
  const auto inventory = Merge({Layer('a')
                                    .Database(kStatus, {Deb("curl", "1")})
                                    .Release("etc/os-release", "debian", "12")
                                    .Link("lib", "usr/lib"),
                                Layer('b').Whiteout("", /*opaque=*/true)});
  EXPECT_EQ(inventory, model::Inventory());
}

TEST(MergeTest, FilesOfStatusDirectoryComeAndGoOneByOne) {
  const std::string dir = "var/lib/dpkg/status.d/";
  EXPECT_THAT(Names(Merge({Layer('a')
                               .Database(dir + "base", {Deb("base", "1")})
                               .Database(dir + "libssl", {Deb("libssl", "1")})
                               .Database(dir + "tzdata", {Deb("tzdata", "1")}),
                           Layer('b')
                               .Database(dir + "libssl", {Deb("libssl", "2")})
                               .Whiteout(dir + "tzdata")
                               .Database(dir + "zlib", {Deb("zlib", "1")})})),
              ElementsAre("base 1 a", "libssl 2 b", "zlib 1 b"));
}

TEST(MergeTest, AnObstructionHidesWhatLowerLayersHadThere) {
  EXPECT_THAT(Names(Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
                           Layer('b').Obstruct("var/lib")})),
              IsEmpty());
}

TEST(MergeTest, TheSystemIsFoundThroughALink) {
  EXPECT_EQ(Merge({Layer('a')
                       .Link("etc/system-release", "etc/centos-release")
                       .Link("etc/centos-release", "etc/redhat-release")
                       .Release("etc/redhat-release", "centos", "7")})
                .os.id,
            "centos");
}

TEST(MergeTest, ALinkedDirectoryLeadsToTheSystem) {
  EXPECT_EQ(Merge({Layer('a')
                       .Link("etc", "usr/lib")
                       .Release("usr/lib/os-release", "debian", "12")
                       .Release("etc/lsb-release", "ubuntu", "22.04")})
                .os.id,
            "debian");
}

TEST(MergeTest, ALoopOfLinksEnds) {
  EXPECT_TRUE(Merge({Layer('a')
                         .Link("etc/os-release", "usr/lib/os-release")
                         .Link("usr/lib/os-release", "etc/os-release")})
                  .os.empty());
}

TEST(MergeTest, AFileTakesThePlaceOfALowerLayersLink) {
  EXPECT_EQ(Merge({Layer('a')
                       .Link("etc/os-release", "usr/lib/os-release")
                       .Release("usr/lib/os-release", "debian", "12"),
                   Layer('b').Release("etc/os-release", "kali", "2024")})
                .os.id,
            "kali");
}

TEST(MergeTest, AFileBelowALinkTurnsItIntoADirectory) {
  EXPECT_EQ(Merge({Layer('a')
                       .Link("etc", "usr/lib")
                       .Release("usr/lib/os-release", "debian", "12"),
                   Layer('b').Release("etc/os-release", "kali", "2024")})
                .os.id,
            "kali");
}

TEST(MergeTest, OsReleaseGoesBeforeWhatTheSystemDerivesFrom) {
  EXPECT_EQ(Merge({Layer('a')
                       .Release("etc/debian_version", "debian", "bookworm/sid")
                       .Release("etc/lsb-release", "ubuntu", "22.04")
                       .Release("etc/os-release", "ubuntu", "22.04.3")})
                .os.version_id,
            "22.04.3");
}

TEST(MergeTest, TheUpperOsReleaseCountsAfterAnUpgrade) {
  EXPECT_EQ(Merge({Layer('a').Release("etc/os-release", "alpine", "3.18.4"),
                   Layer('b').Release("etc/os-release", "alpine", "3.19.1")})
                .os.version_id,
            "3.19.1");
}

TEST(MergeTest, AMissingVersionComesFromALaterFileOfTheSameSystem) {
  const auto os = Merge({Layer('a')
                             .Release("etc/os-release", "debian", "")
                             .Release("etc/lsb-release", "ubuntu", "22.04")
                             .Release("etc/debian_version", "debian", "9")})
                      .os;
  EXPECT_EQ(os.id, "debian");
  EXPECT_EQ(os.version_id, "9");
}

TEST(MergeTest, ACodenameAloneIsEnough) {
  const auto os = Merge({Layer('a')
                             .Release("etc/os-release", "debian", "", "trixie")
                             .Release("etc/debian_version", "debian", "13")})
                      .os;
  EXPECT_EQ(os.version_id, "");
  EXPECT_EQ(os.codename, "trixie");
}

TEST(MergeTest, AProblemIsToldWithItsPath) {
  const auto inventory = Merge(
      {Layer('a').Database(kStatus, {Deb("curl", "1")}, "line 7 is too long")});
  EXPECT_THAT(inventory.problems,
              ElementsAre("var/lib/dpkg/status: line 7 is too long"));
  EXPECT_THAT(Names(inventory), ElementsAre("curl 1 a"));
}

TEST(MergeTest, AProblemOfAReplacedDatabaseIsForgotten) {
  EXPECT_THAT(Merge({Layer('a').Database(kStatus, {}, "broken"),
                     Layer('b').Database(kStatus, {Deb("curl", "1")})})
                  .problems,
              IsEmpty());
}

TEST(MergeTest, ADatabaseHiddenBehindALinkIsSaid) {
  const auto inventory =
      Merge({Layer('a').Database(kStatus, {Deb("curl", "1")}),
             Layer('b').Link("var/lib/dpkg/status", "opt/status")});
  EXPECT_THAT(Names(inventory), IsEmpty());
  EXPECT_THAT(inventory.problems,
              ElementsAre(HasSubstr("var/lib/dpkg/status: is reached by a link "
                                    "to opt/status")));
}

TEST(MergeTest, ALinkToAnotherKnownDatabaseIsFollowedWithoutAProblem) {
  const std::string real = "usr/lib/sysimage/rpm/rpmdb.sqlite";
  const auto inventory = Merge({Layer('a')
                                    .Link("var/lib/rpm", "usr/lib/sysimage/rpm")
                                    .Link("lib", "usr/lib")
                                    .Database(real, {Deb("bash", "5")})});
  EXPECT_THAT(Names(inventory), ElementsAre("bash 5 a"));
  EXPECT_EQ(inventory.packages[0].path, real);
  EXPECT_THAT(inventory.problems, IsEmpty());
}

// "path owned" of each package that is no Debian package.
std::vector<std::string> Owned(const model::Inventory& inventory) {
  std::vector<std::string> result;
  for (const model::InstalledPackage& installed : inventory.packages) {
    if (installed.package.type == "deb") continue;
    result.push_back(installed.path + (installed.owned ? " owned" : ""));
  }
  return result;
}

TEST(MergeTest, APackageIsOwnedIfTheSystemsDatabaseListsItsFile) {
  const model::Package requests = {
      .type = "pypi", .name = "requests", .version = "2.28.1"};
  const std::string system = "usr/lib/python3/dist-packages/r/METADATA";
  const std::string local = "usr/local/lib/python3/site-packages/r/METADATA";
  Layer base('a');
  base.Extract({.path = system, .extractor = "python", .packages = {requests}})
      .Extract({.path = local, .extractor = "python", .packages = {requests}})
      .Extract({.path = kStatus,
                .extractor = "os/dpkg",
                .packages = {Deb("python3-requests", "2.28.1")}});
  // The list of a package's files, as a merged /usr's package has it.
  Layer list('b');
  list.Extract({.path = "var/lib/dpkg/info/python3-requests.list",
                .extractor = "os/dpkg",
                .owned_files = {system.substr(4)}});
  EXPECT_THAT(Owned(Merge({base})), ElementsAre(system, local));
  EXPECT_THAT(Owned(Merge({base, list})),
              ElementsAre(system + " owned", local));
}

TEST(MergeTest, PackagesOfTwoDatabasesAreSortedTogether) {
  const auto inventory =
      Merge({Layer('a')
                 .Database(kStatus, {Deb("b", "1"), Deb("d", "1")})
                 .Database("usr/lib/dpkg/status",
                           {Deb("a", "1"), Deb("b", "1"), Deb("c", "1")})});
  EXPECT_THAT(Names(inventory),
              ElementsAre("a 1 a", "b 1 a", "b 1 a", "c 1 a", "d 1 a"));
  EXPECT_EQ(inventory.packages[1].path, "usr/lib/dpkg/status");
  EXPECT_EQ(inventory.packages[2].path, kStatus);
}

}  // namespace
}  // namespace landwaiter::merge
