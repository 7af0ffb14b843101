#include "agent/extract/lang/golang/golang.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/extract/elf/testing/elf_builder.h"
#include "agent/extract/lang/golang/build_info.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using elf::testing::Form;
using elf::testing::MakeElf;
using elf::testing::Number;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const char kModules[] =
    "path\texample.org/app\n"
    "mod\texample.org/app\tv1.2.0\th1:x=\n"
    "dep\texample.org/a\tv0.1.0\th1:x=\n"
    "dep\texample.org/b\tv0.2.0\n"
    "=>\texample.org/fork\tv0.2.1\th1:x=\n"
    "dep\texample.org/c\tv0.3.0\n"
    "=>\t./c\t\n"
    "build\t-compiler=gc\n";

std::string Framed(std::string_view modules) {
  return std::string(16, '<') + std::string(modules) + std::string(16, '>');
}

std::string Varint(size_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) {
    bytes += static_cast<char>(number | 0x80);
  }
  return bytes + static_cast<char>(number);
}

std::string Magic(char pointer, char flags) {
  return std::string("\xff Go buildinf:") + pointer + flags;
}

// As Go 1.18 and later write it.
std::string Inline(std::string_view version, std::string_view modules) {
  return Magic(8, 2) + std::string(16, '\0') + Varint(version.size()) +
         std::string(version) + Varint(modules.size()) + std::string(modules);
}

std::string InlineElf(std::string_view version, std::string_view modules,
                      const Form& form = {}) {
  return MakeElf({{".text", "code", 0x100},
                  {".go.buildinfo", Inline(version, Framed(modules)), 0x1000}},
                 form);
}

// As Go 1.13 to 1.17 do.
std::string PointerElf(std::string_view version, std::string_view modules,
                       const Form& form) {
  const int pointer = form.wide ? 8 : 4;
  const bool big = form.order == std::endian::big;
  const auto number = [&](uint64_t n) {
    return Number(n, pointer, form.order);
  };
  std::string info = Magic(static_cast<char>(pointer), big ? 1 : 0) +
                     number(0x2000) + number(0x2000 + 2 * pointer);
  info.resize(32);
  const std::string framed = Framed(modules);
  return MakeElf({{".go.buildinfo", info, 0x1000},
                  {".data",
                   number(0x3000) + number(version.size()) +
                       number(0x3000 + version.size()) + number(framed.size()),
                   0x2000},
                  {".rodata", std::string(version) + framed, 0x3000}},
                 form);
}

std::vector<std::string> Packages(const model::FileExtract& extract) {
  std::vector<std::string> lines;
  for (const model::Package& package : extract.packages) {
    EXPECT_EQ(package.type, "golang");
    lines.push_back(package.name + " " + package.version);
  }
  return lines;
}

model::FileExtract Read(std::string_view bytes) {
  return extract::testing::Extract(Golang(), "app", bytes);
}

class GolangFormTest : public ::testing::TestWithParam<Form> {};

TEST_P(GolangFormTest, ModulesAndTheToolchainAreRead) {
  for (const std::string& bytes :
       {InlineElf("go1.22.1", kModules, GetParam()),
        PointerElf("go1.22.1", kModules, GetParam())}) {
    const auto extract = Read(bytes);
    EXPECT_THAT(Packages(extract),
                ElementsAre("example.org/a v0.1.0", "example.org/app v1.2.0",
                            "example.org/fork v0.2.1", "stdlib 1.22.1"));
    EXPECT_EQ(extract.problem, "");
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, GolangFormTest,
                         ::testing::Values(Form{}, Form{.wide = false},
                                           Form{.order = std::endian::big},
                                           Form{.wide = false,
                                                .order = std::endian::big}));

TEST(GolangTest, WithoutSectionsTheWritableSegmentIsSearched) {
  // The magic may come late, and counts only where it is aligned.
  std::string data(200'000 - 200'000 % 16, '\0');
  data.replace(1001, 14, Magic(8, 2).substr(0, 14));
  data += Inline("go1.20", Framed(kModules));
  const auto extract =
      Read(MakeElf({{"", data, 0x1000}}, {.with_sections = false}));
  EXPECT_EQ(Packages(extract).size(), 4u);
}

TEST(GolangTest, OtherProgramsTellNothing) {
  for (const std::string& bytes :
       {std::string(), std::string("#!/bin/sh"),
        MakeElf({{".data", "x", 0x1000}}),
        MakeElf({{".data", "x", 0x1000}}, {.with_sections = false})}) {
    const auto extract = Read(bytes);
    EXPECT_THAT(extract.packages, IsEmpty());
    EXPECT_EQ(extract.problem, "");
  }
}

TEST(GolangTest, ABuildWithoutModulesTellsTheToolchain) {
  EXPECT_THAT(
      Packages(Read(MakeElf({{".go.buildinfo", Inline("go1.19", ""), 1}}))),
      ElementsAre("stdlib 1.19"));
}

TEST(GolangTest, LengthsThatLieAreProblems) {
  const std::string huge = "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  EXPECT_EQ(Read(MakeElf({{".go.buildinfo",
                           Magic(8, 2) + std::string(16, '\0') + huge, 1}}))
                .problem,
            "Go's build information is damaged");
  EXPECT_EQ(
      Read(MakeElf({{".go.buildinfo",
                     Magic(8, 2) + std::string(16, '\0') + "\2go" + huge, 1}}))
          .problem,
      "the list of modules in Go's build information is damaged");
  EXPECT_EQ(Read(MakeElf({{".go.buildinfo",
                           Magic(8, 0) + std::string(16, '\xff'), 1}}))
                .problem,
            "Go's build information is damaged");
}

TEST(GolangTest, DamagedProgramsEndInAnExtract) {
  for (const std::string& bytes :
       {InlineElf("go1.22.1", kModules),
        PointerElf("go1.22.1", kModules, {.wide = false})}) {
    extract::testing::ExtractFromDamaged(Golang(), "app", bytes);
  }
}

TEST(GolangTest, ProgramsOfSomeSizeAreWanted) {
  const std::string head = MakeElf({});
  const Golang golang;
  EXPECT_TRUE(golang.WantsContent({"app", 1 << 20, head}));
  EXPECT_FALSE(golang.WantsContent({"app", 1 << 10, head}));
  EXPECT_FALSE(golang.WantsContent({"app", 1 << 20, "#!/bin/sh"}));
  EXPECT_FALSE(golang.Wants("app"));
}

TEST(ToolchainVersionTest, OnlyReleasesHaveOne) {
  for (const auto& [version, expected] :
       std::vector<std::pair<std::string, std::string>>{
           {"go1.22.1", "1.22.1"},
           {"go1.22.1 X:loopvar", "1.22.1"},
           {"go1.22rc1", "1.22rc1"},
           {"go1.19.4-custom", "1.19.4"},
           {"go1.18.3b7", "1.18.3"},
           {"devel go1.23-abc Tue", ""},
           {"go", ""},
           {"", ""}}) {
    EXPECT_EQ(ToolchainVersion(version), expected) << version;
  }
}

TEST(VisitModulesTest, WhatHasNoVersionIsLeftOut) {
  for (const char* modules :
       {"mod\texample.org/app\t(devel)\t\n", "=>\texample.org/app\tv1\t\n",
        "dep\n\t\nmod\t\tv1", "dep\ta\tv1\n=>\t./a\n", "\n\n\t\t"}) {
    VisitModules(modules, [&](const Module& module) {
      ADD_FAILURE() << modules << " has " << module.path;
    });
  }
}

TEST(VisitModulesTest, AMainModuleHasTheVersionThatTheLinkerWasTold) {
  const std::string mod = "path\texample.org/app\nmod\texample.org/app\t";
  for (const auto& [settings, expected] :
       std::vector<std::pair<std::string, std::string>>{
           {"-s -w -X main.version=1.2.3", "v1.2.3"},
           {"\"-X 'main.Version=v1.2.3-rc.1' -s\"", "v1.2.3-rc.1"},
           {"\" -X \\\"example.org/app/cli/version.Version=28.2.2\\\" \"",
            "v28.2.2"},
           {"-X=main.version=1.2", "v1.2"},
           {"-X main.commit=1.2 -X main.version=1.3", "v1.3"},
           {"-X k8s.io/component-base/version.gitVersion=v1.30.3", "v1.30.3"},
           {"-X main.version=dev", ""},
           {"-X example.org/application.version=1.2.3", ""},
           {"-X other.version=1.2.3", ""},
           {"-X version", ""},
           {"main.version=1.2.3", ""}}) {
    std::string found;
    VisitModules(mod + "(devel)\t\nbuild\t-ldflags=" + settings + "\n",
                 [&](const Module& module) {
                   EXPECT_EQ(module.path, "example.org/app");
                   found = module.version;
                 });
    EXPECT_EQ(found, expected) << settings;
  }
  VisitModules(
      mod + "v1.0.0\t\nbuild\t-ldflags=-X main.version=2.0.0\n",
      [](const Module& module) { EXPECT_EQ(module.version, "v1.0.0"); });
}

TEST(GolangTest, AHugeListOfModulesIsNotRead) {
  EXPECT_EQ(
      Read(MakeElf({{".go.buildinfo",
                     Inline("go1.22", Framed(std::string(2 << 20, '\n'))), 1}}))
          .problem,
      "the list of modules in Go's build information is damaged");
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
