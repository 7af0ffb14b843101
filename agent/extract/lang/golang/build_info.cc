#include "agent/extract/lang/golang/build_info.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "agent/extract/byte_view.h"
#include "agent/extract/elf/program.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::lang {
namespace {

using elf::Program;
using elf::Range;

constexpr std::string_view kMagic("\xff Go buildinf:", 14);
constexpr std::string_view kSection = ".go.buildinfo";
constexpr std::string_view kMachOSection = "__go_buildinfo";
constexpr uint64_t kAlignment = 16;
constexpr uint64_t kHeader = 32;
constexpr uint8_t kBigEndian = 1;
constexpr uint8_t kInline = 2;
constexpr uint64_t kMaxVersion = 1024;
constexpr uint64_t kMaxModules = 2u << 20;  // tens of thousands
constexpr uint64_t kBlock = 64u << 10;
// Between these the linker puts the modules.
constexpr size_t kFrame = 16;

// Where the information should be: its section, or the writable segment of a
// program whose sections were stripped or, as a PE's, have no name for it.
std::optional<Range> Place(const Program& program) {
  for (std::string_view name : {kSection, kMachOSection}) {
    if (const elf::Section* section = program.FindSection(name)) {
      return section->range;
    }
  }
  if (!program.sections.empty() && !program.sections_are_segments) {
    return std::nullopt;
  }
  for (const elf::Segment& segment : program.segments) {
    if (segment.writable && segment.range.size > 0) return segment.range;
  }
  return std::nullopt;
}

// The part of `place` that begins with the magic, which is aligned in it.
absl::StatusOr<std::optional<Range>> FindMagic(File& file, Range place) {
  std::string block;
  while (place.size >= kHeader) {
    const uint64_t size = std::min(place.size, kBlock);
    LANDWAITER_ASSIGN_OR_RETURN(const bool there,
                                ReadExactly(file, place.offset, size, &block));
    if (!there) return std::nullopt;
    for (size_t at = block.find(kMagic); at != block.npos;
         at = block.find(kMagic, at + 1)) {
      if (at % kAlignment == 0) {
        return Range{place.offset + at, place.size - at};
      }
    }
    // Blocks begin aligned, so the magic lies within one.
    place.offset += size;
    place.size -= size;
  }
  return std::nullopt;
}

// A string with its length before it; takes it off `range`.
absl::StatusOr<std::optional<std::string>> TakeInline(File& file,
                                                      uint64_t limit,
                                                      Range& range) {
  std::string head;
  LANDWAITER_ASSIGN_OR_RETURN(
      bool there, ReadExactly(file, range.offset,
                              std::min<uint64_t>(range.size, 10), &head));
  if (!there) return std::nullopt;
  uint64_t length = 0;
  uint64_t used = 0;
  while (true) {
    if (used >= head.size()) return std::nullopt;
    const uint8_t byte = static_cast<uint8_t>(head[used]);
    if (used < 9) length |= uint64_t{byte & 0x7Fu} << (7 * used);
    ++used;
    if (byte < 0x80) break;
  }
  if (length > limit || length > range.size - used) return std::nullopt;
  std::string text;
  LANDWAITER_ASSIGN_OR_RETURN(
      there, ReadExactly(file, range.offset + used, length, &text));
  if (!there) return std::nullopt;
  range.offset += used + length;
  range.size -= used + length;
  return text;
}

// The string whose header (address and length) is at `address`.
absl::StatusOr<std::optional<std::string>> ReadPointed(
    File& file, const Program& program, uint64_t address, int pointer,
    std::endian order, uint64_t limit) {
  const auto number = [&](const std::string& bytes, uint64_t at) {
    const ByteView view(bytes, order);
    return pointer == 8 ? view.U64(at) : view.U32(at);
  };
  const std::optional<Range> header = program.Find(address);
  if (!header.has_value() || header->size < 2 * uint64_t(pointer)) {
    return std::nullopt;
  }
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(
      bool there,
      ReadExactly(file, header->offset, 2 * uint64_t(pointer), &bytes));
  if (!there) return std::nullopt;
  const uint64_t length = number(bytes, static_cast<uint64_t>(pointer));
  const std::optional<Range> place = program.Find(number(bytes, 0));
  if (length == 0) return std::string();
  if (!place.has_value() || length > limit || length > place->size) {
    return std::nullopt;
  }
  std::string text;
  LANDWAITER_ASSIGN_OR_RETURN(there,
                              ReadExactly(file, place->offset, length, &text));
  if (!there) return std::nullopt;
  return text;
}

struct Strings {
  std::optional<std::string> version;
  std::optional<std::string> modules;
};

absl::StatusOr<Strings> ReadStrings(File& file, const Program& program,
                                    Range range) {
  Strings strings;
  std::string header;
  LANDWAITER_ASSIGN_OR_RETURN(
      const bool there, ReadExactly(file, range.offset, kHeader, &header));
  if (!there) return strings;
  const uint8_t flags = static_cast<uint8_t>(header[15]);
  if ((flags & kInline) != 0) {
    range.offset += kHeader;
    range.size -= kHeader;
    LANDWAITER_ASSIGN_OR_RETURN(strings.version,
                                TakeInline(file, kMaxVersion, range));
    if (!strings.version.has_value()) return strings;
    LANDWAITER_ASSIGN_OR_RETURN(strings.modules,
                                TakeInline(file, kMaxModules, range));
    return strings;
  }
  const auto pointer = static_cast<unsigned char>(header[14]);
  if (pointer != 4 && pointer != 8) return strings;
  const std::endian order =
      (flags & kBigEndian) != 0 ? std::endian::big : std::endian::little;
  const ByteView view(header, order);
  const auto address = [&](uint64_t at) {
    return pointer == 8 ? view.U64(at) : view.U32(at);
  };
  LANDWAITER_ASSIGN_OR_RETURN(
      strings.version,
      ReadPointed(file, program, address(16), pointer, order, kMaxVersion));
  LANDWAITER_ASSIGN_OR_RETURN(
      strings.modules,
      ReadPointed(file, program, address(16 + static_cast<uint64_t>(pointer)),
                  pointer, order, kMaxModules));
  return strings;
}

// Without the sixteen bytes at each end that frame them.
std::string Unframed(const std::string& modules) {
  if (modules.size() <= 2 * kFrame ||
      modules[modules.size() - kFrame - 1] != '\n') {
    return {};
  }
  return modules.substr(kFrame, modules.size() - 2 * kFrame);
}

// What is before the first `separator`, which is taken off `text` with it.
std::string_view TakeField(std::string_view& text, char separator) {
  const size_t end = std::min(text.find(separator), text.size());
  const std::string_view field = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return field;
}

// Whether a variable of the program may hold its version: one called so, of
// the main package, of one of the main module, or of one that is there for it
// (k8s.io/component-base/version, github.com/prometheus/common/version).
bool HoldsVersion(std::string_view variable, std::string_view main_module) {
  const size_t dot = variable.rfind('.');
  if (dot == variable.npos) return false;
  const std::string_view package = variable.substr(0, dot);
  const std::string_view name = variable.substr(dot + 1);
  return (base::EqualsIgnoreCase(name, "version") || name == "gitVersion") &&
         (package == "main" || package == main_module ||
          package.ends_with("/version") ||
          (package.starts_with(main_module) &&
           package[main_module.size()] == '/'));
}

bool LooksLikeVersion(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  return !text.empty() && absl::ascii_isdigit(text.front()) &&
         text.find('.') != text.npos &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '+';
         });
}

// The version that the linker was told to put into the program
// (-ldflags="-X main.version=1.2.3"), with a "v"; empty if there is none. The
// flags may be quoted, and within quotes again.
std::string LinkedVersion(std::string_view settings,
                          std::string_view main_module) {
  constexpr std::string_view kFlags = "\nbuild\t-ldflags=";
  const size_t at = settings.find(kFlags);
  if (at == settings.npos) return {};
  std::string_view flags = settings.substr(at + kFlags.size());
  flags = flags.substr(0, flags.find('\n'));
  bool variable_follows = false;
  while (!flags.empty()) {
    const size_t end = std::min(flags.find_first_of(" \"\\'"), flags.size());
    std::string_view word = flags.substr(0, end);
    flags.remove_prefix(std::min(end + 1, flags.size()));
    if (word.empty()) continue;
    if (word.starts_with("-X=")) {
      word.remove_prefix(3);
      variable_follows = true;
    }
    const auto parts = base::SplitOnce(word, '=');
    if (variable_follows && parts.has_value() &&
        HoldsVersion(parts->first, main_module) &&
        LooksLikeVersion(parts->second)) {
      return base::StrCat(parts->second.starts_with('v') ? "" : "v",
                          parts->second);
    }
    variable_follows = word == "-X";
  }
  return {};
}

}  // namespace

absl::StatusOr<std::optional<RawBuildInfo>> ReadBuildInfo(File& file,
                                                          Problems& problems) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<Program> program,
                              elf::OpenProgram(file));
  if (!program.has_value()) return std::nullopt;
  const std::optional<Range> place = Place(*program);
  if (!place.has_value()) return std::nullopt;
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<Range> magic,
                              FindMagic(file, *place));
  if (!magic.has_value()) return std::nullopt;
  LANDWAITER_ASSIGN_OR_RETURN(const Strings strings,
                              ReadStrings(file, *program, *magic));
  if (!strings.version.has_value() || strings.version->empty()) {
    problems.Add("Go's build information is damaged");
    return std::nullopt;
  }
  if (!strings.modules.has_value()) {
    problems.Add("the list of modules in Go's build information is damaged");
  }
  return RawBuildInfo{*strings.version,
                      Unframed(strings.modules.value_or(std::string()))};
}

void VisitModules(std::string_view modules,
                  absl::FunctionRef<void(const Module&)> visit) {
  const std::string_view settings = modules;
  std::string linked;  // what views of the main module point to
  // The module read last: what replaces it comes in the next line.
  Module module;
  const auto finish = [&] {
    if (!module.path.empty() && module.version.starts_with('v')) visit(module);
    module = {};
  };
  while (!modules.empty()) {
    std::string_view line = TakeField(modules, '\n');
    const std::string_view kind = TakeField(line, '\t');
    const bool replaced = kind == "=>" && !module.path.empty();
    if (kind != "mod" && kind != "dep" && !replaced) continue;
    if (!replaced) finish();
    module.path = TakeField(line, '\t');
    module.version = TakeField(line, '\t');
    if (kind == "mod" && !module.version.starts_with('v')) {
      linked = LinkedVersion(settings, module.path);
      module.version = linked;
    }
  }
  finish();
}

std::string_view ToolchainVersion(std::string_view version) {
  if (!version.starts_with("go")) return {};
  version.remove_prefix(2);
  size_t end = 0;
  while (end < version.size() &&
         (absl::ascii_isdigit(version[end]) || version[end] == '.')) {
    ++end;
  }
  // Candidates of a release: "1.22rc1", "1.9beta2".
  for (std::string_view stage : {"rc", "beta"}) {
    if (!version.substr(end).starts_with(stage)) continue;
    end += stage.size();
    while (end < version.size() && absl::ascii_isdigit(version[end])) ++end;
  }
  return version.substr(0, end);
}

}  // namespace landwaiter::agent::extract::lang
