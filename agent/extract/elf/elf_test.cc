#include "agent/extract/elf/elf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/extract/elf/testing/elf_builder.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::elf {
namespace {

using elf::testing::Form;
using elf::testing::MakeElf;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::optional<Program> Open(std::string_view bytes) {
  MemoryFile file(bytes);
  auto elf = OpenElf(file);
  EXPECT_TRUE(elf.ok());
  return *std::move(elf);
}

class ElfFormTest : public ::testing::TestWithParam<Form> {};

TEST_P(ElfFormTest, SectionsAndAddressesAreFound) {
  const std::string bytes = MakeElf(
      {{".text", "code", 0x1000}, {".data", "content", 0x2000}}, GetParam());
  const auto elf = Open(bytes);
  ASSERT_TRUE(elf.has_value());
  const Section* data = elf->FindSection(".data");
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(bytes.substr(data->range.offset, data->range.size), "content");
  EXPECT_EQ(elf->FindSection(".bss"), nullptr);
  const auto place = elf->Find(0x2003);
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(bytes.substr(place->offset, place->size), "tent");
  EXPECT_FALSE(elf->Find(0x2007).has_value());
  EXPECT_FALSE(elf->Find(0).has_value());
}

INSTANTIATE_TEST_SUITE_P(Forms, ElfFormTest,
                         ::testing::Values(Form{}, Form{.wide = false},
                                           Form{.order = std::endian::big},
                                           Form{.wide = false,
                                                .order = std::endian::big}));

TEST(ElfTest, OnlyProgramsAreOpened) {
  EXPECT_FALSE(Open("").has_value());
  EXPECT_FALSE(Open(std::string(64, 'x')).has_value());
  EXPECT_TRUE(Open(MakeElf({}, {.type = 3})).has_value());
  for (const uint16_t type : {0, 1, 4}) {
    EXPECT_FALSE(Open(MakeElf({}, {.type = type})).has_value()) << type;
  }
}

TEST(ElfTest, WithoutSectionsThereAreSegments) {
  const auto elf = Open(MakeElf({{".data", "x", 1}}, {.with_sections = false}));
  ASSERT_TRUE(elf.has_value());
  EXPECT_THAT(elf->sections, IsEmpty());
  EXPECT_THAT(elf->segments, SizeIs(1));
}

TEST(ElfTest, PartsOutsideOfTheFileAreLeftOut) {
  std::string bytes = MakeElf({{".data", "x", 1}});
  bytes.replace(64 + 32, 8, std::string(8, '\xFF'));  // the segment's size
  const auto elf = Open(bytes);
  EXPECT_THAT(elf->segments, IsEmpty());
  EXPECT_NE(elf->FindSection(".data"), nullptr);
}

TEST(ElfTest, TablesThatLieAreLeftOut) {
  const std::string good = MakeElf({{".data", "x", 1}});
  for (const size_t at : {size_t{40}, size_t{60}, size_t{62}}) {
    std::string bytes = good;
    bytes.replace(at, 2, "\xFF\xFF");
    EXPECT_THAT(Open(bytes)->sections, IsEmpty()) << at;
  }
}

TEST(ElfTest, RealProgramsHaveTheirSections) {
  for (const char* path : {"/proc/self/exe", "/bin/sh"}) {
    const std::string bytes = extract::testing::ReadFile(path);
    const auto elf = Open(bytes);
    ASSERT_TRUE(elf.has_value()) << path;
    EXPECT_NE(elf->FindSection(".text"), nullptr) << path;
    EXPECT_TRUE(IsProgram(std::string_view(bytes).substr(0, 512)));
  }
}

}  // namespace
}  // namespace landwaiter::agent::extract::elf
