#include "agent/extract/lang/node/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/extract/lang/testing/rows.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using extract::testing::Extract;
using extract::testing::ExtractFromDamaged;
using testing::Development;
using ::testing::ElementsAre;
using testing::ExpectCorpus;
using ::testing::IsEmpty;
using testing::Rows;
using testing::RowsOf;

constexpr char kPackage[] = "app/node_modules/a/package.json";
constexpr char kLock[] = "app/package-lock.json";
constexpr char kYarn[] = "app/yarn.lock";
constexpr char kPnpm[] = "app/pnpm-lock.yaml";
constexpr char kBun[] = "app/bun.lock";

TEST(NodeTest, AnInstalledPackageIsToldByItsPackageJson) {
  const auto extract =
      Extract(Node(), kPackage,
              R"({"name": "@a/b", "version": "1.0.0", "license": "MIT",
          "dependencies": {"name": "1", "version": "2"}})");
  EXPECT_THAT(Rows(extract), ElementsAre("@a/b 1.0.0"));
  EXPECT_THAT(extract.packages[0].licenses, ElementsAre("MIT"));
  EXPECT_FALSE(extract.packages[0].declared);
}

TEST(NodeTest, AnApplicationIsToldUnlessItIsPrivate) {
  EXPECT_THAT(RowsOf(Node(), "opt/ghost/package.json",
                     R"({"name": "ghost", "version": "5.0.0"})"),
              ElementsAre("ghost 5.0.0"));
  EXPECT_THAT(RowsOf(Node(), "app/package.json",
                     R"({"name": "a", "version": "1.0.0", "private": true})"),
              IsEmpty());
  EXPECT_THAT(RowsOf(Node(), kPackage,
                     R"({"name": "a", "version": "1.0.0", "private": true})"),
              ElementsAre("a 1.0.0"));
}

TEST(NodeTest, OldFormsOfALicenceAreRead) {
  EXPECT_THAT(Extract(Node(), kPackage,
                      R"({"name": "a", "version": "1.0.0",
                          "licenses": [{"type": "MIT"}, {"type": "BSD"}]})")
                  .packages[0]
                  .licenses,
              ElementsAre("MIT", "BSD"));
}

TEST(NodeTest, PackageJsonFilesThatAreNoPackagesAreNothing) {
  for (const char* text :
       {"", "{", "not json", R"({"type": "module"})", R"({"name": "a"})",
        R"({"name": "<%= name %>", "version": "1.0.0"})",
        R"({"name": "a", "version": "latest"})",
        R"({"name": "a", "version": "1.0.0" oops)"}) {
    EXPECT_THAT(RowsOf(Node(), kPackage, text), IsEmpty()) << text;
  }
}

TEST(NodeTest, OnlyPackagesThemselvesAndOwnLocksAreWanted) {
  EXPECT_TRUE(Node().Wants("node_modules/a/package.json"));
  EXPECT_TRUE(Node().Wants("usr/lib/node_modules/@a/b/package.json"));
  EXPECT_TRUE(Node().Wants("app/node_modules/a/node_modules/b/package.json"));
  EXPECT_FALSE(Node().Wants("app/node_modules/a/test/package.json"));
  EXPECT_TRUE(Node().Wants("app/node_modules/bson/vendor/base64/package.json"));
  EXPECT_FALSE(Node().Wants("app/node_modules/a/yarn.lock"));
  EXPECT_TRUE(Node().Wants("npm-shrinkwrap.json"));
}

TEST(NodeTest, APackageLockTellsFoldersWithAliasesAndWithoutLinks) {
  EXPECT_THAT(RowsOf(Node(), kLock,
                     R"({"lockfileVersion": 2, "packages": {
  "": {"name": "mine", "version": "1.0.0"},
  "lib/own": {"version": "2.0.0"},
  "node_modules/own": {"resolved": "lib/own", "link": true},
  "node_modules/a": {"version": "1.1.0", "license": ["MIT"]},
  "node_modules/a/node_modules/@s/b": {"version": "1.2.0", "dev": true},
  "node_modules/alias": {"name": "real", "version": "1.3.0"},
  "node_modules/git": {"version": "1.4.0", "resolved": "git+ssh://x"}},
  "dependencies": {"a": {"version": "9.9.9"}}})"),
              ElementsAre("@s/b 1.2.0 dev", "a 1.1.0", "real 1.3.0"));
}

TEST(NodeTest, APackageLockOfVersion1NestsDependencies) {
  EXPECT_THAT(RowsOf(Node(), kLock,
                     R"({"lockfileVersion": 1, "dependencies": {
  "a": {"dev": true, "version": "1.0.0", "requires": {"version": "3"},
        "dependencies": {"b": {"version": "2.0.0"}}},
  "alias": {"version": "npm:@s/real@1.6.3"},
  "file": {"version": "file:../x"},
  "github": {"version": "github:a/b#1"}}})"),
              ElementsAre("@s/real 1.6.3", "a 1.0.0 dev", "b 2.0.0"));
}

TEST(NodeTest, ADamagedLockIsAProblemAndKeepsWhatWasRead) {
  const auto extract =
      Extract(Node(), kLock,
              "{\"packages\": {\"node_modules/a\": {\"version\": \"1.0.0\"},\n"
              "\"node_modules/b\": {\"version\": \"1.");
  EXPECT_THAT(Rows(extract), ElementsAre("a 1.0.0"));
  EXPECT_EQ(extract.problem, "line 2: not JSON");
}

TEST(NodeTest, YarnLocksOfBothGenerationsAreRead) {
  EXPECT_THAT(RowsOf(Node(), kYarn,
                     "# yarn lockfile v1\n\n"
                     "\"@s/a@^1.0\", \"@s/a@^1.1\":\n  version \"1.1.2\"\n"
                     "  dependencies:\n    version \"9\"\n\n"
                     "alias@npm:real@^2.0:\n  version \"2.0.1\"\n"
                     "\"any@npm:@s/any\":\n  version \"3.0.0\"\n"
                     "local@file:x:\n  version \"0.0.1\"\n"
                     "hub@user/repository:\n  version \"0.0.2\"\n"),
              ElementsAre("@s/a 1.1.2", "@s/any 3.0.0", "real 2.0.1"));
  EXPECT_THAT(RowsOf(Node(), kYarn,
                     "__metadata:\n  version: 8\n\n"
                     "\"app@workspace:.\":\n  version: 0.0.0-use.local\n"
                     "  resolution: \"app@workspace:.\"\n"
                     "\"alias@npm:real@4\":\n  version: 4.3.4\n"
                     "  resolution: \"real@npm:4.3.4\"\n"),
              ElementsAre("real 4.3.4"));
}

TEST(NodeTest, AYarnLockWithoutEntriesIsAnotherKindOfFile) {
  EXPECT_THAT(RowsOf(Node(), kYarn, "<html>\nhello\n"), IsEmpty());
  EXPECT_EQ(Extract(Node(), kYarn, "a@1:\n  version \"1.0\"\nb@\n").problem,
            "line 3: not an entry: b@");
}

TEST(NodeTest, PnpmLocksOfEveryVersionAreRead) {
  EXPECT_THAT(RowsOf(Node(), kPnpm,
                     "lockfileVersion: 5.4\npackages:\n"
                     "  /a/1.0.0:\n    dev: true\n"
                     "  /@s/b/2.0.0_peer@3.0.0:\n    dev: false\n"),
              ElementsAre("@s/b 2.0.0", "a 1.0.0 dev"));
  EXPECT_THAT(RowsOf(Node(), kPnpm,
                     "lockfileVersion: '6.0'\npackages:\n"
                     "  /@s/b@2.0.0(peer@3.0.0):\n    dev: false\n"
                     "  file:x:\n    name: x\n    version: 1.0.0\n"),
              ElementsAre("@s/b 2.0.0"));
  EXPECT_THAT(RowsOf(Node(), kPnpm,
                     "lockfileVersion: '9.0'\npackages:\n"
                     "  a@1.0.0:\n    resolution: {integrity: x}\n"
                     "  '@s/b@2.0.0':\n    engines: {node: '>=6'}\n"
                     "  c@https://example.org/c:\n    version: 1.0.0\n"
                     "snapshots:\n  z@1.0.0: {}\n"),
              ElementsAre("@s/b 2.0.0", "a 1.0.0"));
}

TEST(NodeTest, APnpmLockOfVersion9TellsDevelopmentByWhoAsks) {
  EXPECT_THAT(RowsOf(Node(), kPnpm,
                     "lockfileVersion: '9.0'\nimporters:\n  .:\n"
                     "    dependencies:\n"
                     "      a: {specifier: ^1, version: 1.0.0(peer@3.0.0)}\n"
                     "    devDependencies:\n"
                     "      t: {specifier: ^1, version: 1.0.0}\n"
                     "      other: {specifier: ^1, version: real@2.0.0}\n"
                     "packages:\n"
                     "  a@1.0.0: {}\n  peer@3.0.0: {}\n  t@1.0.0: {}\n"
                     "  shared@1.0.0: {}\n  real@2.0.0: {}\n  m@1.0.0: {}\n"
                     "snapshots:\n"
                     "  a@1.0.0(peer@3.0.0):\n    dependencies:\n"
                     "      peer: 3.0.0\n      shared: 1.0.0\n"
                     "  t@1.0.0:\n    dependencies:\n"
                     "      shared: 1.0.0\n      m: 1.0.0\n"
                     "  m@1.0.0: {}\n  real@2.0.0: {}\n"
                     "  shared@1.0.0: {}\n  peer@3.0.0: {}\n"),
              ElementsAre("a 1.0.0", "m 1.0.0 dev", "peer 3.0.0",
                          "real 2.0.0 dev", "shared 1.0.0", "t 1.0.0 dev"));
}

TEST(NodeTest, ABunLockTellsDevelopmentByWhoAsks) {
  EXPECT_THAT(RowsOf(Node(), kBun,
                     R"({"workspaces": {
  "": {"name": "mine", "dependencies": {"a": "1"},
       "devDependencies": {"t": "1"}},
  "lib": {"name": "lib", "devDependencies": {"s": "2"}}},
 "packages": {
  "a": ["a@1.0.0", "", {"dependencies": {"s": "1"}}, "x"],
  "t": ["t@1.0.0", "", {"dependencies": {"s": "1", "m": "1"}}, "x"],
  "m": ["m@1.0.0", "", {}, "x"],
  "s": ["s@1.0.0", "", {}, "x"],
  "t/s": ["s@1.5.0", "", {}, "x"],
  "lib": ["lib@workspace:lib"],
  "lib/s": ["s@2.0.0", "", {}, "x"]}})"),
              ElementsAre("a 1.0.0", "m 1.0.0 dev", "s 1.0.0", "s 1.5.0 dev",
                          "s 2.0.0 dev", "t 1.0.0 dev"));
}

TEST(NodeTest, ABunLockIsRead) {
  EXPECT_THAT(RowsOf(Node(), kBun,
                     "{ // bun\n\"packages\": {\n"
                     "\"a\": [\"a@1.0.0\", \"\", {}, \"sha512-x\"],\n"
                     "\"x/b\": [\"@s/b@2.0.0\", \"\", {},],\n"
                     "\"own\": [\"own@workspace:own\"],\n},\n}\n"),
              ElementsAre("@s/b 2.0.0", "a 1.0.0"));
}

TEST(NodeTest, DamagedFilesEndInAnExtract) {
  const std::string lock =
      R"({"packages": {"node_modules/a": {"version": "1.0.0", "dev": true},
                       "node_modules/b": {"version": "2.0.0"}}})";
  EXPECT_GT(ExtractFromDamaged(Node(), kLock, lock), 40);
  ExtractFromDamaged(Node(), kPackage, R"({"name": "a", "version": "1.0"})");
  ExtractFromDamaged(Node(), kYarn, "a@^1:\n  version \"1.0.0\"\n");
  ExtractFromDamaged(Node(), kPnpm, "packages:\n  /a/1.0.0:\n    dev: true\n");
  EXPECT_GT(ExtractFromDamaged(Node(), kBun,
                               R"({"packages": {"a": ["a@1.0.0", ""],},})"),
            30);
}

constexpr char kWorkspace[] = "a workspace of the project itself";
constexpr char kElsewhere[] = "from an address or a file, not a registry";

TEST(NodeTest, CorpusPackageLocksComeOutAsExpected) {
  const std::string v3 = "nodejs/npm/testdata/package-lock_v3";
  const std::string names[] = {v3 + "_with-same-dev-and-non-dev.json",
                               v3 + "_with_legacy_licenses.json",
                               v3 + "_with_peer.json",
                               v3 + "_with_workspace.json",
                               v3 + "_with_workspace_as_object.json",
                               v3 + "_without_root_deps_field.json",
                               v3 + ".json"};
  ExpectCorpus(
      Node(), "trivy-parser",
      {{.fixture = "nodejs/npm/testdata/package-lock_v1.json", .path = kLock},
       {.fixture = "nodejs/npm/testdata/package-lock_v2.json", .path = kLock},
       {.fixture = names[6], .path = kLock},
       {.fixture = names[0], .path = kLock},
       {.fixture = names[1], .path = kLock},
       {.fixture = names[2], .path = kLock},
       {.fixture = names[3],
        .path = kLock,
        .otherwise = {{"-function1 ", kWorkspace},
                      {"-nested_func 1.0.0", kWorkspace}}},
       {.fixture = names[4],
        .path = kLock,
        .otherwise = {{"-testapp 1.0.0", kWorkspace}}},
       {.fixture = names[5],
        .path = kLock,
        .otherwise = {{"-func1 1.0.0", kWorkspace}}}});
}

TEST(NodeTest, CorpusOtherLocksComeOutAsExpected) {
  const std::string yarn = "nodejs/yarn/testdata/yarn_";
  const std::string yarns[] = {
      yarn + "happy.lock",      yarn + "v2_deps_with_protocol.lock",
      yarn + "v2_happy.lock",   yarn + "with_bad_protocol.lock",
      yarn + "with_local.lock", yarn + "with_npm.lock",
      yarn + "with_git.lock"};
  for (const std::string& name : yarns) {
    ExpectCorpus(Node(), "trivy-parser",
                 {{.fixture = name,
                   .path = kYarn,
                   .development = Development::kIgnored}});
  }
  const std::string pnpm = "nodejs/pnpm/testdata/pnpm-lock_";
  // These lists leave development out, though the locks tell it.
  const std::string old[] = {pnpm + "many.yaml", pnpm + "normal.yaml",
                             pnpm + "v6_with_dev.yaml", pnpm + "with_dev.yaml"};
  for (const std::string& name : old) {
    ExpectCorpus(Node(), "trivy-parser",
                 {{.fixture = name,
                   .path = kPnpm,
                   .development = Development::kLeftOut}});
  }
  const std::string v9[] = {pnpm + "v9_multi_version.yaml",
                            pnpm + "v9_multiple_documents.yaml",
                            pnpm + "v9_cyclic_import.yaml"};
  for (const std::string& name : v9) {
    ExpectCorpus(Node(), "trivy-parser", {{.fixture = name, .path = kPnpm}});
  }
  const std::string peers = pnpm + "v9_same-vers-diff-peers.yaml";
  ExpectCorpus(Node(), "trivy-parser",
               {{.fixture = peers,
                 .path = kPnpm,
                 .otherwise = {{"-jest-pnp-resolver 1.2.3 dev",
                                "needed otherwise, too"}}}});
  ExpectCorpus(Node(), "trivy-parser",
               {{.fixture = "nodejs/pnpm/testdata/pnpm-lock_v9.yaml",
                 .path = kPnpm,
                 .otherwise = {{"-asynckit 0.4.0", kElsewhere},
                               {"-debug 4.3.5", kElsewhere},
                               {"-is-negative 2.0.1", kElsewhere},
                               {"-lodash 4.17.21 dev", kElsewhere},
                               {"-package1 ", kElsewhere}}},
                {.fixture = "nodejs/pnpm/testdata/pnpm-lock_archives.yaml",
                 .path = kPnpm,
                 .otherwise = {{"-debug 4.3.4", kElsewhere},
                               {"-is-negative 2.0.1", kElsewhere},
                               {"-lodash 4.17.21", kElsewhere},
                               {"-package1 1.0.0", kElsewhere}}},
                {.fixture = "nodejs/bun/testdata/bun_happy.lock", .path = kBun},
                {.fixture = "nodejs/bun/testdata/bun_multiple_ws.lock",
                 .path = kBun,
                 .otherwise = {{"-my-app 1.0.0", kWorkspace},
                               {"-my-lib 1.0.0", kWorkspace}}}});
}

TEST(NodeTest, CorpusApplicationComesOutAsExpected) {
  ExpectCorpus(
      Node(), "trivy-analyzer",
      {{.fixture = "nodejs/pkg/testdata/package.json", .path = kPackage}});
}

TEST(NodeTest, CorpusInstalledPackagesComeOutAsPublished) {
  const auto corpus = extract::testing::Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const std::string folder = *corpus + "/lang/registry/npm/";
  const auto truth = extract::testing::ReadTsv(folder + "TRUTH.tsv");
  for (size_t i = 1; i < truth.size(); ++i) {
    const std::string path = "node_modules/" + truth[i][0] + "/package.json";
    EXPECT_THAT(RowsOf(Node(), path, extract::testing::ReadFile(folder + path)),
                ElementsAre(truth[i][0] + " " + truth[i][1]));
  }
  EXPECT_EQ(truth.size(), 7u);
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
