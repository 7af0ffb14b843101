#include "agent/extract/elf/program.h"

#include "agent/extract/elf/elf.h"
#include "agent/extract/elf/macho.h"
#include "agent/extract/elf/pe.h"
#include "core/base/failure.h"

namespace landwaiter::agent::extract::elf {

const Section* Program::FindSection(std::string_view name) const {
  for (const Section& section : sections) {
    if (section.name == name) return &section;
  }
  return nullptr;
}

std::optional<Range> Program::Find(uint64_t address) const {
  for (const Segment& segment : segments) {
    if (address < segment.address) continue;
    const uint64_t inside = address - segment.address;
    if (inside >= segment.range.size) continue;
    return Range{segment.range.offset + inside, segment.range.size - inside};
  }
  return std::nullopt;
}

bool MayBeProgram(std::string_view head) {
  return IsProgram(head) || MayBePe(head) || MayBeMachO(head);
}

absl::StatusOr<std::optional<Program>> OpenProgram(File& file) {
  std::string head;
  head.resize(64);
  LANDWAITER_ASSIGN_OR_RETURN(const size_t n,
                              file.ReadAt(0, head.data(), head.size()));
  head.resize(n);
  if (MayBePe(head)) return OpenPe(file);
  if (MayBeMachO(head)) return OpenMachO(file);
  return OpenElf(file);
}

bool IsWithin(const File& file, const Range& range) {
  return range.offset <= file.size() &&
         range.size <= file.size() - range.offset;
}

}  // namespace landwaiter::agent::extract::elf
