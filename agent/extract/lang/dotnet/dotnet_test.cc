#include "agent/extract/lang/dotnet/dotnet.h"

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

constexpr char kDeps[] = "app/Web.deps.json";
constexpr char kLock[] = "app/packages.lock.json";
constexpr char kConfig[] = "app/packages.config";

constexpr char kDepsText[] = R"({
  "targets": {".NETCoreApp,Version=v8.0": {
    "Web/1.0.0": {"runtime": {"Web.dll": {}}},
    "Newtonsoft.Json/13.0.3": {"runtime": {"lib/Newtonsoft.Json.dll": {}}},
    "System.Net.Http/4.1.0": {"dependencies": {"A": "1"}}}},
  "libraries": {
    "Web/1.0.0": {"type": "project"},
    "Newtonsoft.Json/13.0.3": {"type": "package", "path": "x"},
    "System.Net.Http/4.1.0": {"type": "package"},
    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.0":
      {"type": "runtimepack"}}})";

TEST(DotnetTest, DepsTellPackagesThatBringFiles) {
  const auto extract = Extract(Dotnet(), kDeps, kDepsText);
  EXPECT_THAT(Rows(extract),
              ElementsAre("Microsoft.NETCore.App.Runtime.linux-x64 8.0.0",
                          "Newtonsoft.Json 13.0.3"));
  EXPECT_FALSE(extract.packages[0].declared);
  EXPECT_EQ(extract.problem, "");
}

TEST(DotnetTest, ALockTellsPackagesOfEachFramework) {
  EXPECT_THAT(RowsOf(Dotnet(), kLock,
                     R"({"version": 1, "dependencies": {"net8.0": {
  "AWSSDK.Core": {"type": "Direct", "resolved": "3.5.1.30"},
  "my.project": {"type": "Project", "resolved": "1.0.0"}}}})"),
              ElementsAre("AWSSDK.Core 3.5.1.30"));
}

TEST(DotnetTest, AConfigTellsPackages) {
  EXPECT_THAT(RowsOf(Dotnet(), kConfig,
                     "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<packages>\n"
                     "<package id=\"A\" version=\"1.0\" />\n"
                     "<package id=\"B\" version=\"2.0\" "
                     "developmentDependency=\"true\"></package>\n"
                     "</packages>\n"),
              ElementsAre("A 1.0", "B 2.0 dev"));
}

TEST(DotnetTest, DamagedFilesEndInAnExtract) {
  EXPECT_GT(ExtractFromDamaged(Dotnet(), kDeps, kDepsText), 40);
  EXPECT_GT(ExtractFromDamaged(Dotnet(), kConfig,
                               "<packages><package id='A' version='1'/>"
                               "<package id='B' version='2'/></packages>"),
            20);
}

TEST(DotnetTest, CorpusComesOutAsExpected) {
  const char kProject[] = "a project, not a package";
  const std::string deps = "dotnet/core_deps/testdata/";
  const std::string lock = "nuget/lock/testdata/packages_lock_";
  const std::string a = deps + "ambiguous-root.deps.json";
  const std::string b = deps + "happy.deps.json";
  const std::string c = deps + "missing-target.deps.json";
  const std::string d = deps + "multi-project.deps.json";
  const std::string e = deps + "self-contained.deps.json";
  const std::string f = deps + "without-runtime.deps.json";
  const std::string l1 = lock + "legacy.json";
  const std::string l2 = lock + "multi.json";
  const std::string l3 = lock + "simple.json";
  const std::string l4 = lock + "subdependencies.json";
  ExpectCorpus(
      Dotnet(), "trivy-parser",
      {{.fixture = a,
        .path = kDeps,
        .otherwise = {{"-Web 1.0.0", kProject}, {"-Worker 1.0.0", kProject}}},
       {.fixture = b,
        .path = kDeps,
        .otherwise = {{"-ExampleApp1 1.0.0", kProject}}},
       {.fixture = c,
        .path = kDeps,
        .otherwise = {{"-ExampleApp1 1.0.0", kProject}}},
       {.fixture = d,
        .path = kDeps,
        .otherwise = {{"-Api 1.0.0", kProject},
                      {"-Data 1.0.0", kProject},
                      {"-Web 1.0.0", kProject}}},
       {.fixture = e,
        .path = kDeps,
        .otherwise = {{"-ExampleApp1 1.0.0", kProject}}},
       {.fixture = f,
        .path = kDeps,
        .otherwise = {{"-hello2 1.0.0", kProject}}},
       {.fixture = l1, .path = kLock},
       {.fixture = l2, .path = kLock},
       {.fixture = l3, .path = kLock},
       {.fixture = l4, .path = kLock},
       {.fixture = "nuget/config/testdata/packages.config", .path = kConfig},
       {.fixture = "nuget/config/testdata/dev_dependency.config",
        .path = kConfig,
        .otherwise = {
            {"+Microsoft.Net.Compilers 1.0.0 dev", "told, as development"}}}});
}

TEST(DotnetTest, SharedVersionsAreTold) {
  EXPECT_THAT(
      RowsOf(Dotnet(), "src/Directory.Packages.props",
             "<Project><ItemGroup>"
             "<PackageVersion Include=\"A\" Version=\" 1.0.0\"/>"
             "<PackageReference Update=\"B\" Version=\"2.0.0\"></"
             "PackageReference>"
             "<PackageVersion Include=\"C\" Version=\"$(V)\"/>"
             "<PackageVersion Include=\"D\" Version=\"[1.0,2.0)\"/>"
             "<Other Include=\"E\" Version=\"1.0.0\"/></ItemGroup></Project>"),
      ElementsAre("A 1.0.0", "B 2.0.0"));
  EXPECT_FALSE(Dotnet().Wants("src/Directory.Build.props"));
}

TEST(DotnetTest, CorpusSharedVersionsComeOutAsExpected) {
  const char kPath[] = "src/Directory.Packages.props";
  for (const char* name : {"Directory.Packages.props", "packages.props",
                           "several_item_groups", "variables_and_empty"}) {
    const std::string fixture =
        std::string("nuget/packagesprops/testdata/") + name;
    testing::ExpectCorpus(Dotnet(), "trivy-parser",
                          {{.fixture = fixture, .path = kPath}});
  }
  for (const char* name : {"Directory.Packages.props", "Packages.props"}) {
    const std::string fixture =
        std::string("dotnet/packagesprops/testdata/") + name;
    testing::ExpectCorpus(Dotnet(), "trivy-analyzer",
                          {{.fixture = fixture, .path = kPath}});
  }
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
