#include "agent/extract/elf/program.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::elf {
namespace {

// A number of `size` bytes at `at`, in the order that is asked for.
void Put(std::string& bytes, size_t at, uint64_t number, int size,
         std::endian order = std::endian::little) {
  if (bytes.size() < at + static_cast<size_t>(size)) {
    bytes.resize(at + static_cast<size_t>(size));
  }
  for (int i = 0; i < size; ++i) {
    const int place = order == std::endian::big ? size - 1 - i : i;
    bytes[at + static_cast<size_t>(place)] =
        static_cast<char>(number >> (8 * i));
  }
}

void Put(std::string& bytes, size_t at, std::string_view text) {
  if (bytes.size() < at + text.size()) bytes.resize(at + text.size());
  bytes.replace(at, text.size(), text);
}

constexpr char kContent[] = "content";

// With a section ".data" at 0x2000 above the base, writable, and one without
// anything in the file.
std::string MakePe(bool wide) {
  std::string bytes = "MZ";
  Put(bytes, 0x3C, 0x80, 4);
  Put(bytes, 0x80, std::string_view("PE\0\0", 4));
  Put(bytes, 0x86, 2, 2);
  Put(bytes, 0x94, 0x40, 2);
  Put(bytes, 0x98, wide ? 0x20B : 0x10B, 2);
  if (wide) Put(bytes, 0xB0, 0x140000000, 8);
  if (!wide) Put(bytes, 0xB4, 0x400000, 4);
  const size_t data = 0xD8;
  Put(bytes, data, ".data");
  Put(bytes, data + 8, sizeof kContent - 1, 4);
  Put(bytes, data + 12, 0x2000, 4);
  Put(bytes, data + 16, 0x200, 4);
  Put(bytes, data + 20, 0x200, 4);
  Put(bytes, data + 36, 0xC0000040, 4);
  const size_t bss = data + 40;
  Put(bytes, bss, ".bss");
  Put(bytes, bss + 8, 100, 4);
  Put(bytes, bss + 36, 0xC0000080, 4);
  Put(bytes, 0x200, kContent);
  bytes.resize(0x400);
  return bytes;
}

// With a section "__data" in a writable segment at 0x2000.
std::string MakeMachO(bool wide, std::endian order) {
  std::string bytes;
  const auto put = [&](size_t at, uint64_t number, int size) {
    Put(bytes, at, number, size, order);
  };
  const size_t command = wide ? 32 : 28;
  const size_t section = command + (wide ? 72 : 56);
  const size_t content = section + (wide ? 80 : 68);
  const int word = wide ? 8 : 4;
  put(0, wide ? 0xFEEDFACF : 0xFEEDFACE, 4);
  put(16, 1, 4);
  put(20, content - command, 4);
  put(command, wide ? 0x19 : 1, 4);
  put(command + 4, content - command, 4);
  put(command + 24, 0x2000, word);
  put(command + (wide ? 40 : 32), content, word);
  put(command + (wide ? 48 : 36), sizeof kContent - 1, word);
  put(command + (wide ? 60 : 44), 3, 4);
  put(command + (wide ? 64 : 48), 1, 4);
  Put(bytes, section, "__data");
  put(section + (wide ? 32 : 32), 0x2000, word);
  put(section + (wide ? 40 : 36), sizeof kContent - 1, word);
  put(section + (wide ? 48 : 40), content, 4);
  Put(bytes, content, kContent);
  return bytes;
}

struct Case {
  const char* name;
  std::string bytes;
  const char* section;
  uint64_t address;
};

std::vector<Case> Cases() {
  return {
      {"PE", MakePe(false), ".data", 0x402000},
      {"PE+", MakePe(true), ".data", 0x140002000},
      {"Mach-O 32", MakeMachO(false, std::endian::little), "__data", 0x2000},
      {"Mach-O 64", MakeMachO(true, std::endian::little), "__data", 0x2000},
      {"Mach-O ppc", MakeMachO(false, std::endian::big), "__data", 0x2000}};
}

TEST(ProgramTest, SectionsAndAddressesOfOtherSystemsProgramsAreFound) {
  for (const Case& each : Cases()) {
    EXPECT_TRUE(MayBeProgram(each.bytes)) << each.name;
    MemoryFile file(each.bytes);
    const auto program = OpenProgram(file);
    ASSERT_TRUE(program.ok() && program->has_value()) << each.name;
    const Section* section = (*program)->FindSection(each.section);
    ASSERT_NE(section, nullptr) << each.name;
    EXPECT_EQ(each.bytes.substr(section->range.offset, section->range.size),
              kContent);
    EXPECT_EQ((*program)->FindSection(".bss"), nullptr);
    const auto place = (*program)->Find(each.address + 3);
    ASSERT_TRUE(place.has_value()) << each.name;
    EXPECT_EQ(each.bytes.substr(place->offset, place->size), "tent");
    ASSERT_EQ((*program)->segments.size(), 1u);
    EXPECT_TRUE((*program)->segments[0].writable);
  }
}

TEST(ProgramTest, DamagedProgramsHaveNoPartOutsideTheFile) {
  for (const Case& each : Cases()) {
    for (size_t at = 0; at < each.bytes.size(); ++at) {
      std::string damaged = each.bytes;
      damaged[at] = '\xFF';
      MemoryFile file(damaged);
      const auto program = OpenProgram(file);
      ASSERT_TRUE(program.ok());
      if (!program->has_value()) continue;
      for (const Section& section : (*program)->sections) {
        EXPECT_TRUE(IsWithin(file, section.range));
      }
      for (const Segment& segment : (*program)->segments) {
        EXPECT_TRUE(IsWithin(file, segment.range));
      }
    }
  }
}

TEST(ProgramTest, OtherFilesAreNone) {
  for (const std::string& bytes :
       {std::string(), std::string("MZ"), std::string(100, 'x'),
        "MZ" + std::string(200, '\0'),
        // A Java class, which begins as a universal Mach-O does.
        "\xCA\xFE\xBA\xBE" + std::string(100, '\0')}) {
    MemoryFile file(bytes);
    const auto program = OpenProgram(file);
    ASSERT_TRUE(program.ok());
    EXPECT_FALSE(program->has_value());
  }
}

}  // namespace
}  // namespace landwaiter::agent::extract::elf
