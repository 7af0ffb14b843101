#ifndef LANDWAITER_AGENT_EXTRACT_ELF_ELF_H_
#define LANDWAITER_AGENT_EXTRACT_ELF_ELF_H_

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/extract/file.h"

namespace landwaiter::agent::extract::elf {

// Whether a file that begins so is a program or a shared library: not an
// object file, a core or a kernel module.
bool IsProgram(std::string_view head);

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

// The parts of an ELF file (System V ABI, 32 and 64 bits, both byte orders).
// Every range lies within the file; parts that would not are left out. There
// are at most kMaxParts of each, a file that says more has none.
class Elf {
 public:
  static constexpr size_t kMaxParts = 4096;

  // nullopt if it is no program. Errors are the file's.
  static absl::StatusOr<std::optional<Elf>> Open(File& file);

  std::endian order() const { return order_; }
  // Empty when they were stripped, as packers do.
  const std::vector<Section>& sections() const { return sections_; }
  const std::vector<Segment>& segments() const { return segments_; }

  // The first section of that name; null if there is none.
  const Section* FindSection(std::string_view name) const;
  // Where in the file what is loaded at `address` lies, to the end of its
  // segment; nullopt if nothing is loaded there from the file.
  std::optional<Range> Find(uint64_t address) const;

 private:
  std::endian order_ = std::endian::little;
  std::vector<Section> sections_;
  std::vector<Segment> segments_;
};

}  // namespace landwaiter::agent::extract::elf

#endif  // LANDWAITER_AGENT_EXTRACT_ELF_ELF_H_
