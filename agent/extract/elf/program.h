#ifndef LANDWAITER_AGENT_EXTRACT_ELF_PROGRAM_H_
#define LANDWAITER_AGENT_EXTRACT_ELF_PROGRAM_H_

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/extract/file.h"

namespace landwaiter::agent::extract::elf {

// A run of bytes of the file.
struct Range {
  uint64_t offset = 0;
  uint64_t size = 0;
};

struct Section {
  std::string name;  // cut at 64 bytes
  Range range;
  bool compressed = false;  // SHF_COMPRESSED: not as it is in memory
};

// What is loaded into memory.
struct Segment {
  uint64_t address = 0;
  Range range;
  bool writable = false;
};

// The parts of a program or library, whatever its format. Every range lies
// within the file; parts that would not are left out. There are at most
// kMaxParts of each, a file that says more has none.
struct Program {
  static constexpr size_t kMaxParts = 4096;

  std::endian order = std::endian::little;
  // Empty when they were stripped, as packers do.
  std::vector<Section> sections;
  bool sections_are_segments = false;  // in a PE
  std::vector<Segment> segments;

  // The first section of that name; null if there is none.
  const Section* FindSection(std::string_view name) const;
  // Where in the file what is loaded at `address` lies, to the end of its
  // segment; nullopt if nothing is loaded there from the file.
  std::optional<Range> Find(uint64_t address) const;
};

// Whether a file that begins so may be a program of any format that
// OpenProgram knows.
bool MayBeProgram(std::string_view head);

// ELF, PE and Mach-O (of one architecture, as Go and Rust link them). nullopt
// if it is none. Errors are the file's.
absl::StatusOr<std::optional<Program>> OpenProgram(File& file);

// For the readers of formats: whether the range lies within the file.
bool IsWithin(const File& file, const Range& range);

}  // namespace landwaiter::agent::extract::elf

#endif  // LANDWAITER_AGENT_EXTRACT_ELF_PROGRAM_H_
