#include "agent/extract/elf/pe.h"

#include <algorithm>
#include <string>

#include "agent/extract/byte_view.h"
#include "core/base/failure.h"

namespace landwaiter::agent::extract::elf {
namespace {

constexpr uint64_t kPointerToPe = 0x3C;
constexpr uint64_t kCoffHeader = 24;      // the signature and what follows it
constexpr uint64_t kOptionalHeader = 32;  // as much of it as is read
constexpr uint64_t kSectionHeader = 40;
constexpr uint16_t kWide = 0x20B;
constexpr uint32_t kWritable = 0x80000000;
constexpr uint32_t kNoData = 0x80;

struct Header {
  uint64_t sections = 0;  // where their table is
  uint64_t count = 0;
  uint64_t base = 0;  // what addresses in the sections are relative to
};

absl::StatusOr<std::optional<Header>> ReadHeader(File& file) {
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(bool there, ReadExactly(file, 0, 64, &bytes));
  if (!there || !MayBePe(bytes)) return std::nullopt;
  const uint64_t start = ByteView(bytes, std::endian::little).U32(kPointerToPe);
  LANDWAITER_ASSIGN_OR_RETURN(
      there, ReadExactly(file, start, kCoffHeader + kOptionalHeader, &bytes));
  if (!there || !bytes.starts_with(std::string_view("PE\0\0", 4))) {
    return std::nullopt;
  }
  const ByteView view(bytes, std::endian::little);
  return Header{.sections = start + kCoffHeader + view.U16(20),
                .count = view.U16(6),
                .base = view.U16(24) == kWide ? view.U64(kCoffHeader + 24)
                                              : view.U32(kCoffHeader + 28)};
}

void AddSection(const File& file, const Header& header, const ByteView& view,
                Program& program) {
  const uint32_t flags = view.U32(36);
  // What is in the file may be padded, and may be less than what is in memory.
  const Range range{view.U32(20), std::min(view.U32(8), view.U32(16))};
  if ((flags & kNoData) != 0 || !IsWithin(file, range)) return;
  const std::string_view name = view.Piece(0, 8);
  program.sections.push_back(
      {.name = std::string(name.substr(0, name.find('\0'))), .range = range});
  program.segments.push_back({.address = header.base + view.U32(12),
                              .range = range,
                              .writable = (flags & kWritable) != 0});
}

}  // namespace

bool MayBePe(std::string_view head) {
  return head.size() >= 64 && head.starts_with("MZ");
}

absl::StatusOr<std::optional<Program>> OpenPe(File& file) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<Header> header,
                              ReadHeader(file));
  if (!header.has_value()) return std::nullopt;
  Program program{.sections_are_segments = true};
  if (header->count > Program::kMaxParts) return program;
  std::string table;
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool there, ReadExactly(file, header->sections,
                                    header->count * kSectionHeader, &table));
  if (!there) return program;
  for (size_t at = 0; at < table.size(); at += kSectionHeader) {
    AddSection(
        file, *header,
        ByteView(std::string_view(table).substr(at), std::endian::little),
        program);
  }
  return program;
}

}  // namespace landwaiter::agent::extract::elf
