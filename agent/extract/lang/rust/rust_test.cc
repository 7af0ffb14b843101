#include "agent/extract/lang/rust/rust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/extract/archive/testing/zip_builder.h"
#include "agent/extract/elf/testing/elf_builder.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using archive::testing::Zlib;
using elf::testing::MakeElf;
using extract::testing::HaveTool;
using extract::testing::ReadFile;
using extract::testing::RunCommand;
using extract::testing::WriteFile;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const char kCrates[] =
    R"({"packages":[
      {"name":"app","version":"0.1.0","source":"local","root":true,
       "dependencies":[1,2]},
      {"name":"serde","version":"1.0.152","source":"crates.io",
       "features":["derive"],"dependencies":[]},
      {"name":"cc","version":"1.0.0","source":"crates.io","kind":"build"}],
      "format":1})";

std::string Program(std::string_view json) {
  return MakeElf({{".text", "code", 1}, {".dep-v0", Zlib(json), 0x1000}});
}

std::vector<std::string> Packages(const model::FileExtract& extract) {
  std::vector<std::string> lines;
  for (const model::Package& package : extract.packages) {
    EXPECT_EQ(package.type, "cargo");
    lines.push_back(package.name + " " + package.version);
  }
  return lines;
}

model::FileExtract Read(std::string_view bytes) {
  return extract::testing::Extract(Rust(), "app", bytes);
}

TEST(RustTest, CratesOfTheProgramAreRead) {
  const auto extract = Read(Program(kCrates));
  EXPECT_THAT(Packages(extract), ElementsAre("app 0.1.0", "serde 1.0.152"));
  EXPECT_EQ(extract.problem, "");
}

TEST(RustTest, OtherProgramsTellNothing) {
  for (const std::string& bytes :
       {std::string("#!/bin/sh"), MakeElf({{".text", "code", 1}})}) {
    EXPECT_THAT(Read(bytes).packages, IsEmpty());
    EXPECT_EQ(Read(bytes).problem, "");
  }
}

TEST(RustTest, BombsAndDamageAreProblems) {
  EXPECT_THAT(Read(Program(std::string(9 << 20, ' '))).problem,
              HasSubstr("too many bytes"));
  EXPECT_THAT(
      Read(MakeElf({{".dep-v0", std::string((1 << 20) + 1, 'x'), 1}})).problem,
      HasSubstr("the limit is 1048576"));
  EXPECT_THAT(Read(MakeElf({{".dep-v0", "text", 1}})).problem,
              HasSubstr("damaged"));
  EXPECT_EQ(Read(Program("{\"packages\":[")).problem, "line 1: not JSON");
  EXPECT_THAT(Read(Program(std::string(1000, '['))).problem, HasSubstr("deep"));
  EXPECT_THAT(Read(Program("{\"packages\":[{\"name\":\"x\"}]}")).problem,
              HasSubstr("a package without a version"));
}

TEST(RustTest, DamagedProgramsEndInAnExtract) {
  extract::testing::ExtractFromDamaged(Rust(), "app", Program(kCrates));
}

TEST(RustTest, ProgramsOfSomeSizeAreWanted) {
  const std::string head = MakeElf({});
  EXPECT_TRUE(Rust().WantsContent({"app", 1 << 20, head}));
  EXPECT_FALSE(Rust().WantsContent({"app", 1 << 10, head}));
  EXPECT_FALSE(Rust().WantsContent({"app", 1 << 20, "#!/bin/sh"}));
}

// What cargo-auditable does: a section out of an object that is linked in.
TEST(RustTest, AProgramThatRustcLinkedIsRead) {
  if (!HaveTool("rustc")) GTEST_SKIP() << "no Rust toolchain here";
  const extract::testing::TempDir dir;
  WriteFile(dir.path() + "/crates", Zlib(kCrates));
  WriteFile(dir.path() + "/main.rs",
            "#[used]\n#[link_section = \".dep-v0\"]\n"
            "static CRATES: [u8; include_bytes!(\"crates\").len()] =\n"
            "    *include_bytes!(\"crates\");\nfn main() {}\n");
  for (const char* flags : {"", "-C strip=symbols -C opt-level=z"}) {
    RunCommand("cd " + dir.path() + " && rustc --edition 2021 " + flags +
               " -o app main.rs 2>&1");
    const std::string bytes = ReadFile(dir.path() + "/app");
    EXPECT_TRUE(Rust().WantsContent({"app", bytes.size(), bytes}));
    EXPECT_THAT(Packages(Read(bytes)),
                ElementsAre("app 0.1.0", "serde 1.0.152"))
        << flags;
  }
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
