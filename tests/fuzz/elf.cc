// A program, as ELF, PE or Mach-O: every part that is told lies within the
// file.
#include "core/file_list/elf.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/extract/elf/program.h"
#include "agent/extract/file.h"

namespace {

namespace elf = landwaiter::agent::extract::elf;

void Check(const elf::Range& range, size_t size) {
  if (range.offset > size || range.size > size - range.offset) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  landwaiter::file_list::ElfArchitecture(landwaiter::file_list::ReadElf(
      bytes.substr(0, landwaiter::file_list::kElfHeadBytes)));
  elf::MayBeProgram(bytes.substr(0, 64));
  landwaiter::agent::extract::MemoryFile file(bytes);
  const auto read = elf::OpenProgram(file);
  if (!read.ok()) std::abort();  // memory can be read
  if (!read->has_value()) return 0;
  const elf::Program& program = **read;
  if (program.sections.size() > elf::Program::kMaxParts ||
      program.segments.size() > elf::Program::kMaxParts) {
    std::abort();
  }
  for (const auto& section : program.sections) {
    if (section.name.size() > 64) std::abort();
    Check(section.range, size);
    if (program.FindSection(section.name) == nullptr) std::abort();
  }
  for (const auto& segment : program.segments) {
    Check(segment.range, size);
    if (const auto found = program.Find(segment.address)) Check(*found, size);
    const uint64_t last = segment.address + segment.range.size - 1;
    if (const auto found = program.Find(last)) Check(*found, size);
  }
  return 0;
}
