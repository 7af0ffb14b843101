#include "agent/extract/elf/elf.h"

#include "agent/extract/byte_view.h"
#include "core/base/failure.h"

namespace landwaiter::agent::extract::elf {
namespace {

constexpr std::string_view kMagic(
    "\x7f"
    "ELF",
    4);
constexpr size_t kHeader = 64;
constexpr size_t kMinHeader = 52;
constexpr uint16_t kExecutable = 2;
constexpr uint16_t kShared = 3;
constexpr uint32_t kLoad = 1;
constexpr uint32_t kWritable = 2;
constexpr uint32_t kNoBits = 8;
constexpr uint64_t kCompressed = 0x800;
constexpr uint64_t kMaxNames = 1u << 20;
constexpr size_t kMaxName = 64;

// Where the fields of the two classes lie.
struct Layout {
  bool wide;

  uint64_t Word(const ByteView& view, uint64_t at) const {
    return wide ? view.U64(at) : view.U32(at);
  }
  uint64_t SegmentSize() const { return wide ? 56 : 32; }
  uint64_t SectionSize() const { return wide ? 64 : 40; }
};

struct Table {
  uint64_t offset = 0;
  uint64_t count = 0;
};

struct Header {
  Layout layout;
  std::endian order;
  Table segments;
  Table sections;
  uint64_t names = 0;  // the number of the section with the sections' names
};

std::endian OrderOf(std::string_view head) {
  return head[5] == 2 ? std::endian::big : std::endian::little;
}

std::optional<Header> ParseHeader(std::string_view head) {
  if (!IsProgram(head)) return std::nullopt;
  Header header{.layout = {head[4] == 2}, .order = OrderOf(head)};
  const Layout& layout = header.layout;
  const ByteView view(head, header.order);
  header.segments.offset = layout.Word(view, layout.wide ? 32 : 28);
  header.sections.offset = layout.Word(view, layout.wide ? 40 : 32);
  const uint64_t counts = layout.wide ? 54 : 42;
  if (view.U16(counts) == layout.SegmentSize()) {
    header.segments.count = view.U16(counts + 2);
  }
  if (view.U16(counts + 4) == layout.SectionSize()) {
    header.sections.count = view.U16(counts + 6);
  }
  header.names = view.U16(counts + 8);
  return header;
}

// The table's bytes; empty if it is too large or not within the file.
absl::StatusOr<std::string> ReadTable(File& file, const Table& table,
                                      uint64_t entry) {
  std::string bytes;
  if (table.count == 0 || table.count > Program::kMaxParts) return bytes;
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool there,
      ReadExactly(file, table.offset, table.count * entry, &bytes));
  if (!there) bytes.clear();
  return bytes;
}

absl::StatusOr<std::vector<Segment>> ReadSegments(File& file,
                                                  const Header& header) {
  const Layout& layout = header.layout;
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::string bytes,
      ReadTable(file, header.segments, layout.SegmentSize()));
  std::vector<Segment> segments;
  for (size_t at = 0; at < bytes.size(); at += layout.SegmentSize()) {
    const ByteView view(std::string_view(bytes).substr(at), header.order);
    if (view.U32(0) != kLoad) continue;
    const Segment segment{
        .address = layout.Word(view, layout.wide ? 16 : 8),
        .range = {layout.Word(view, layout.wide ? 8 : 4),
                  layout.Word(view, layout.wide ? 32 : 16)},
        .writable = (view.U32(layout.wide ? 4 : 24) & kWritable) != 0};
    if (IsWithin(file, segment.range)) segments.push_back(segment);
  }
  return segments;
}

struct RawSection {
  uint64_t name = 0;  // where in the section of names its name begins
  bool in_file = false;
  Section section;
};

RawSection ParseSection(const Layout& layout, const ByteView& view) {
  RawSection raw{.name = view.U32(0), .in_file = view.U32(4) != kNoBits};
  raw.section.compressed = (layout.Word(view, 8) & kCompressed) != 0;
  raw.section.range = {layout.Word(view, layout.wide ? 24 : 16),
                       layout.Word(view, layout.wide ? 32 : 20)};
  return raw;
}

absl::StatusOr<std::vector<Section>> ReadSections(File& file,
                                                  const Header& header) {
  const Layout& layout = header.layout;
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::string bytes,
      ReadTable(file, header.sections, layout.SectionSize()));
  std::vector<RawSection> raw;
  for (size_t at = 0; at < bytes.size(); at += layout.SectionSize()) {
    raw.push_back(ParseSection(
        layout, ByteView(std::string_view(bytes).substr(at), header.order)));
  }
  std::vector<Section> sections;
  if (header.names >= raw.size()) return sections;
  const Range& place = raw[header.names].section.range;
  std::string names;
  if (place.size > kMaxNames) return sections;
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool there, ReadExactly(file, place.offset, place.size, &names));
  if (!there) return sections;
  const ByteView view(names, header.order);
  for (RawSection& each : raw) {
    if (!each.in_file || !IsWithin(file, each.section.range)) continue;
    const std::string_view name = view.Piece(each.name, kMaxName);
    each.section.name = name.substr(0, name.find('\0'));
    sections.push_back(std::move(each.section));
  }
  return sections;
}

}  // namespace

bool IsProgram(std::string_view head) {
  if (head.size() < kMinHeader || !head.starts_with(kMagic)) return false;
  const bool wide = head[4] == 2;
  if ((!wide && head[4] != 1) || (wide && head.size() < kHeader)) return false;
  if (head[5] != 1 && head[5] != 2) return false;
  const uint16_t type = ByteView(head, OrderOf(head)).U16(16);
  return type == kExecutable || type == kShared;
}

absl::StatusOr<std::optional<Program>> OpenElf(File& file) {
  std::string head(kHeader, '\0');
  LANDWAITER_ASSIGN_OR_RETURN(const size_t n,
                              file.ReadAt(0, head.data(), head.size()));
  head.resize(n);
  const std::optional<Header> header = ParseHeader(head);
  if (!header.has_value()) return std::nullopt;
  Program elf;
  elf.order = header->order;
  LANDWAITER_ASSIGN_OR_RETURN(elf.segments, ReadSegments(file, *header));
  LANDWAITER_ASSIGN_OR_RETURN(elf.sections, ReadSections(file, *header));
  return elf;
}

}  // namespace landwaiter::agent::extract::elf
