// Programs built here, compared with what `go version -m` says of them. Their
// modules come from a proxy that is a directory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include "agent/extract/archive/testing/zip_builder.h"
#include "agent/extract/lang/golang/golang.h"
#include "agent/extract/testing/fixtures.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::lang {
namespace {

using archive::testing::ZipBuilder;
using extract::testing::HaveTool;
using extract::testing::ReadFile;
using extract::testing::RunCommand;
using extract::testing::WriteFile;

namespace fs = std::filesystem;

class GolangOracleTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HaveTool("go")) GTEST_SKIP() << "no Go toolchain here";
  }

  // Offers a module with one package of one function.
  void Publish(const std::string& module, const std::string& version) {
    const std::string name = module.substr(module.rfind('/') + 1);
    const std::string mod = "module " + module + "\n";
    const std::string code = "package " + name +
                             "\nfunc Name() string { return \"" + name +
                             "\" }\n";
    const std::string place = Proxy() + "/" + module + "/@v/";
    fs::create_directories(place);
    WriteFile(place + "list", version + "\n");
    WriteFile(place + version + ".info", "{\"Version\":\"" + version + "\"}");
    WriteFile(place + version + ".mod", mod);
    const std::string prefix = module + "@" + version + "/";
    WriteFile(place + version + ".zip", ZipBuilder()
                                            .Store(prefix + "go.mod", mod)
                                            .Store(prefix + name + ".go", code)
                                            .Build());
  }

  // Builds the program and gives its path.
  std::string Build(const std::string& flags, const std::string& arch,
                    const std::string& os = "linux") {
    fs::create_directories(dir_.path() + "/app/local");
    const std::string app = dir_.path() + "/app/";
    WriteFile(app + "go.mod",
              "module example.org/app\ngo 1.18\n"
              "require (\n example.org/a v1.2.3\n example.org/b v0.1.0\n"
              " example.org/local v0.0.0\n)\n"
              "replace example.org/b => example.org/fork/b v0.9.0\n"
              "replace example.org/local => ./local\n");
    WriteFile(app + "local/go.mod", "module example.org/local\n");
    WriteFile(app + "local/local.go",
              "package local\nfunc Name() string { return \"local\" }\n");
    WriteFile(app + "main.go",
              "package main\nimport (\"example.org/a\"; \"example.org/b\"; "
              "\"example.org/local\")\n"
              "func main() { println(a.Name(), b.Name(), local.Name()) }\n");
    Publish("example.org/a", "v1.2.3");
    Publish("example.org/b", "v0.1.0");
    Publish("example.org/fork/b", "v0.9.0");
    RunCommand("cd " + app + " && GOOS=" + os + " GOARCH=" + arch +
               " CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-modcacherw"
               " GOSUMDB=off GOPROXY=file://" +
               Proxy() + " GOPATH=" + dir_.path() +
               "/gopath go build -mod=mod " + flags + " -o app . 2>&1");
    return app + "app";
  }

  // What the toolchain says of it, in our words.
  static std::set<std::string> Oracle(const std::string& program) {
    std::set<std::string> lines;
    const std::string text = RunCommand("go version -m " + program);
    std::string last;
    for (std::string_view line : base::Split(text, '\n')) {
      const auto fields = base::Split(line, '\t');
      if (const size_t at = line.find(": go"); at != line.npos) {
        const std::string_view version = line.substr(at + 4);
        lines.insert(
            base::StrCat("stdlib ", version.substr(0, version.find(' '))));
      }
      if (fields.size() < 4) continue;
      if (fields[1] == "=>") lines.erase(last);
      if (fields[1] != "dep" && fields[1] != "mod" && fields[1] != "=>") {
        continue;
      }
      last = base::StrCat(fields[2], " ", fields[3]);
      if (fields[3].starts_with('v')) lines.insert(last);
    }
    return lines;
  }

  static std::set<std::string> Ours(const std::string& program) {
    std::set<std::string> lines;
    const auto extract =
        extract::testing::Extract(Golang(), program, ReadFile(program));
    EXPECT_EQ(extract.problem, "");
    for (const model::Package& package : extract.packages) {
      lines.insert(package.name + " " + package.version);
    }
    return lines;
  }

 private:
  std::string Proxy() const { return dir_.path() + "/proxy"; }

  extract::testing::TempDir dir_;
};

TEST_F(GolangOracleTest, AProgramHasTheModulesThatTheToolchainSays) {
  // One of the two has its bytes the other way round.
  for (const auto& [flags, arch] :
       {std::pair("", "s390x"), std::pair("-ldflags '-s -w'", "amd64")}) {
    const std::string program = Build(flags, arch);
    const std::set<std::string> packages = Ours(program);
    EXPECT_EQ(packages, Oracle(program)) << flags;
    EXPECT_TRUE(packages.contains("example.org/a v1.2.3"));
    EXPECT_TRUE(packages.contains("example.org/fork/b v0.9.0"));
    EXPECT_FALSE(packages.contains("example.org/b v0.1.0"));
  }
}

TEST_F(GolangOracleTest, ProgramsForOtherSystemsAreRead) {
  for (const auto& [os, arch] :
       {std::pair("windows", "amd64"), std::pair("darwin", "arm64")}) {
    const std::string program = Build("-ldflags '-s -w'", arch, os);
    const std::string bytes = ReadFile(program);
    EXPECT_TRUE(Golang().WantsContent({program, bytes.size(), bytes}));
    const std::set<std::string> packages = Ours(program);
    EXPECT_EQ(packages, Oracle(program)) << os;
    EXPECT_TRUE(packages.contains("example.org/a v1.2.3")) << os;
  }
}

TEST_F(GolangOracleTest, TheToolchainsOwnProgramsAreRead) {
  const std::string root =
      std::string(base::Strip(RunCommand("go env GOROOT")));
  const std::string gofmt = root + "/bin/gofmt";
  if (!fs::exists(gofmt)) GTEST_SKIP() << "no gofmt here";
  EXPECT_EQ(Ours(gofmt), Oracle(gofmt));
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
