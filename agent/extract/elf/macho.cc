#include "agent/extract/elf/macho.h"

#include <string>

#include "agent/extract/byte_view.h"
#include "core/base/failure.h"

namespace landwaiter::agent::extract::elf {
namespace {

constexpr uint32_t kMagic32 = 0xFEEDFACE;
constexpr uint32_t kMagic64 = 0xFEEDFACF;
constexpr uint32_t kSegment32 = 0x1;
constexpr uint32_t kSegment64 = 0x19;
constexpr uint32_t kWritable = 2;
constexpr uint8_t kZeroFill = 1;
constexpr uint64_t kMaxCommands = uint64_t{1} << 20;
constexpr uint64_t kCommandsSize = 20;  // where the header has it

// Where the fields of the two classes lie.
struct Layout {
  bool wide;

  uint64_t Word(const ByteView& view, uint64_t at) const {
    return wide ? view.U64(at) : view.U32(at);
  }
  uint64_t Header() const { return wide ? 32 : 28; }
  uint64_t Segment() const { return wide ? 72 : 56; }
  uint64_t Section() const { return wide ? 80 : 68; }
};

struct Kind {
  Layout layout;
  std::endian order;
};

std::optional<Kind> KindOf(std::string_view head) {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    const uint32_t magic = ByteView(head, order).U32(0);
    if (magic == kMagic64) return Kind{{true}, order};
    if (magic == kMagic32) return Kind{{false}, order};
  }
  return std::nullopt;
}

std::string Name(const ByteView& view, uint64_t at) {
  const std::string_view name = view.Piece(at, 16);
  return std::string(name.substr(0, name.find('\0')));
}

void AddSection(const File& file, const Layout& layout, const ByteView& view,
                Program& program) {
  const uint64_t flags = layout.wide ? 64 : 56;
  if ((view.U32(flags) & 0xFF) == kZeroFill) return;
  const Range range{view.U32(layout.wide ? 48 : 40),
                    layout.Word(view, layout.wide ? 40 : 36)};
  if (!IsWithin(file, range)) return;
  program.sections.push_back({.name = Name(view, 0), .range = range});
}

// One segment's command and the sections behind it.
void AddSegment(const File& file, const Kind& kind, std::string_view command,
                Program& program) {
  const Layout& layout = kind.layout;
  const ByteView view(command, kind.order);
  const Segment segment{
      .address = layout.Word(view, 24),
      .range = {layout.Word(view, layout.wide ? 40 : 32),
                layout.Word(view, layout.wide ? 48 : 36)},
      .writable = (view.U32(layout.wide ? 60 : 44) & kWritable) != 0};
  if (IsWithin(file, segment.range)) program.segments.push_back(segment);
  const uint64_t count = view.U32(layout.wide ? 64 : 48);
  for (uint64_t i = 0; i < count && i < Program::kMaxParts; ++i) {
    const uint64_t at = layout.Segment() + i * layout.Section();
    if (at + layout.Section() > command.size()) return;
    AddSection(file, layout, ByteView(command.substr(at), kind.order), program);
  }
}

}  // namespace

bool MayBeMachO(std::string_view head) {
  return head.size() >= 28 && KindOf(head).has_value();
}

absl::StatusOr<std::optional<Program>> OpenMachO(File& file) {
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(bool there, ReadExactly(file, 0, 32, &bytes));
  if (!there || !MayBeMachO(bytes)) return std::nullopt;
  const Kind kind = *KindOf(bytes);
  Program program{.order = kind.order};
  const uint64_t size = ByteView(bytes, kind.order).U32(kCommandsSize);
  if (size > kMaxCommands) return program;
  LANDWAITER_ASSIGN_OR_RETURN(
      there, ReadExactly(file, kind.layout.Header(), size, &bytes));
  if (!there) return program;
  std::string_view commands = bytes;
  while (commands.size() >= 8) {
    const ByteView view(commands, kind.order);
    const uint64_t length = view.U32(4);
    if (length < 8 || length > commands.size()) break;
    const uint32_t type = view.U32(0);
    if (type == (kind.layout.wide ? kSegment64 : kSegment32)) {
      AddSegment(file, kind, commands.substr(0, length), program);
    }
    commands.remove_prefix(length);
  }
  if (program.sections.size() > Program::kMaxParts ||
      program.segments.size() > Program::kMaxParts) {
    program.sections.clear();
    program.segments.clear();
  }
  return program;
}

}  // namespace landwaiter::agent::extract::elf
