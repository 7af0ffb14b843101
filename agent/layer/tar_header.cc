#include "agent/layer/tar_header.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "agent/layer/limits.h"
#include "agent/layer/sparse.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

constexpr size_t kChecksumAt = 148;
constexpr size_t kChecksumSize = 8;

// A text field: up to the first NUL.
std::string_view Text(std::string_view field) {
  return field.substr(0, field.find('\0'));
}

std::optional<uint64_t> Octal(std::string_view field) {
  constexpr std::string_view kFill(" \0", 2);
  const size_t first = field.find_first_not_of(kFill);
  if (first == field.npos) return 0;
  field = field.substr(first, field.find_last_not_of(kFill) + 1 - first);
  uint64_t value = 0;
  for (const char c : Text(field)) {
    if (c < '0' || c > '7' || value >> 60 != 0) return std::nullopt;
    value = value * 8 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

bool ChecksumMatches(std::string_view block) {
  const std::optional<uint64_t> want =
      Octal(block.substr(kChecksumAt, kChecksumSize));
  if (!want) return false;
  // The sum is of unsigned bytes; some old programs summed signed ones. The
  // field itself counts as spaces.
  uint64_t sum = kChecksumSize * ' ';
  uint64_t high = 0;
  for (const char c : block) {
    const auto byte = static_cast<uint8_t>(c);
    sum += byte;
    high += byte >> 7;
  }
  for (const char c : block.substr(kChecksumAt, kChecksumSize)) {
    const auto byte = static_cast<uint8_t>(c);
    sum -= byte;
    high -= byte >> 7;
  }
  return sum == *want || sum - 256 * high == *want;
}

// Go's archive/tar before 1.8 could write a prefix where GNU has times, and
// its reader still understands that; so do we, since it wrote many images.
std::string_view MisplacedPrefix(std::string_view block) {
  const auto bad = [](std::string_view field) {
    return field[0] != '\0' && !TarNumber(field);
  };
  if (!bad(block.substr(345, 12)) && !bad(block.substr(357, 12))) return {};
  const std::string_view prefix = Text(block.substr(345, 155));
  const bool ascii = std::none_of(prefix.begin(), prefix.end(),
                                  [](char c) { return (c & '\x80') != 0; });
  return ascii ? prefix : std::string_view();
}

// Takes one record, "LENGTH KEY=VALUE\n", off the front.
std::optional<std::pair<std::string_view, std::string_view>> TakeRecord(
    std::string_view& records) {
  size_t length = 0;
  size_t at = 0;
  for (; at < records.size() && records[at] >= '0' && records[at] <= '9';
       ++at) {
    length = length * 10 + static_cast<size_t>(records[at] - '0');
    if (length > records.size()) return std::nullopt;
  }
  if (at == 0 || at == records.size() || records[at] != ' ' ||
      length < at + 2 || records[length - 1] != '\n') {
    return std::nullopt;
  }
  const std::string_view record = records.substr(at + 1, length - at - 2);
  records.remove_prefix(length);
  const size_t equals = record.find('=');
  if (equals == 0 || equals == record.npos) return std::nullopt;
  return std::pair(record.substr(0, equals), record.substr(equals + 1));
}

std::optional<uint64_t> Decimal(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);  // Go allows it
  if (text.empty() || text.size() > 18) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value;
}

// The three formats of sparse entries, 0.0, 0.1 and 1.0 (GNU tar manual,
// "Storing Sparse Files"). Go's reader takes an entry of another version for a
// plain file; so do we.
struct SparseRecords {
  std::string_view major;
  std::string_view minor;
  std::string_view blocks;  // how many pieces there are, formats 0.0 and 0.1
  // Of format 0.0, whose offsets and sizes are records of their own.
  size_t numbers = 0;

  bool Known(bool map) const {
    if (major == "0") return minor == "0" || minor == "1";
    if (major == "1") return minor == "0";
    return major.empty() && minor.empty() && map;
  }
};

// Appends an offset or a size of format 0.0 to the map; false if it is not its
// turn.
bool AppendToMap(std::string_view key, std::string_view value,
                 PaxRecords& result, SparseRecords& sparse) {
  const bool is_size = key.ends_with(".numbytes");
  if ((sparse.numbers % 2 == 1) != is_size || base::Contains(value, ",")) {
    return false;
  }
  base::StrAppend(&result.sparse_map, sparse.numbers == 0 ? "" : ",", value);
  ++sparse.numbers;
  return true;
}

bool ApplyNumber(std::string_view value, std::optional<uint64_t>& number) {
  number = Decimal(value);
  return value.empty() || number.has_value();
}

bool Apply(std::string_view key, std::string_view value, PaxRecords& result,
           SparseRecords& sparse) {
  // An empty value leaves what the header block says.
  if (key == "path" || key == "linkpath") {
    if (value.find('\0') != value.npos) return false;
    (key == "path" ? result.path : result.link) = value;
  } else if (key == "size") {
    return ApplyNumber(value, result.size);
  } else if (key == "uid") {
    return ApplyNumber(value, result.uid);
  } else if (key == "gid") {
    return ApplyNumber(value, result.gid);
  } else if (key == "SCHILY.xattr.security.capability") {
    result.capability = value;
  } else if (key == "GNU.sparse.size" ||
             (key == "GNU.sparse.realsize" && !result.real_size)) {
    return ApplyNumber(value, result.real_size);
  } else if (key == "GNU.sparse.name") {
    result.sparse_name = value;
  } else if (key == "GNU.sparse.major") {
    sparse.major = value;
  } else if (key == "GNU.sparse.minor") {
    sparse.minor = value;
  } else if (key == "GNU.sparse.numblocks") {
    sparse.blocks = value;
  } else if (key == "GNU.sparse.map") {
    result.sparse_map = value;
    sparse.numbers = 0;
  } else if (key == "GNU.sparse.offset" || key == "GNU.sparse.numbytes") {
    return AppendToMap(key, value, result, sparse);
  }
  return true;
}

}  // namespace

bool IsZeroBlock(std::string_view block) {
  static constexpr std::array<char, kTarBlock> kZeros = {};
  return std::memcmp(block.data(), kZeros.data(), kTarBlock) == 0;
}

absl::StatusOr<TarHeader> ParseTarHeader(std::string_view block) {
  if (!ChecksumMatches(block)) {
    return CorruptLayer("tar: the checksum of a header does not match");
  }
  TarHeader header;
  header.type = block[156];
  header.name = Text(block.substr(0, 100));
  header.link = Text(block.substr(157, 100));
  const std::optional<uint64_t> size = TarNumber(block.substr(124, 12));
  if (!size) return CorruptLayer("tar: the size of an entry is no number");
  header.size = *size;
  const auto number = [block](size_t at, size_t length) {
    return TarNumber(block.substr(at, length)).value_or(0);
  };
  header.mode = static_cast<uint32_t>(number(100, 8) & 07777);
  header.uid = number(108, 8);
  header.gid = number(116, 8);
  const std::string_view magic = block.substr(257, 8);
  if (magic == std::string_view("ustar  \0", 8)) {
    header.gnu = true;
    header.prefix = MisplacedPrefix(block);
    if (header.type == 'S') {
      header.sparse_pieces = block.substr(386, 96);
      header.sparse_map_continues = block[482] != '\0';
      header.real_size = TarNumber(block.substr(483, 12));
    }
  } else if (magic.starts_with(std::string_view("ustar\0", 6))) {
    // star keeps times where the others have the prefix's last part.
    const bool star = block.substr(508) == std::string_view("tar\0", 4);
    header.prefix = Text(block.substr(345, star ? 131 : 155));
  }
  if (magic.starts_with("ustar")) {
    header.major = number(329, 8);
    header.minor = number(337, 8);
  }
  return header;
}

std::optional<uint64_t> TarNumber(std::string_view field) {
  const auto first = static_cast<uint8_t>(field[0]);
  if ((first & 0x80) == 0) return Octal(field);
  if ((first & 0x40) != 0) return std::nullopt;
  uint64_t value = first & 0x3f;
  for (const char c : field.substr(1)) {
    if (value >> 55 != 0) return std::nullopt;
    value = value << 8 | static_cast<uint8_t>(c);
  }
  return value;
}

std::string_view SparsePiecesOf(std::string_view block) {
  return block.substr(0, 504);
}

bool SparseMapContinues(std::string_view block) { return block[504] != '\0'; }

absl::StatusOr<PaxRecords> ParsePax(std::string_view records) {
  PaxRecords result;
  SparseRecords sparse;
  while (!records.empty()) {
    const auto record = TakeRecord(records);
    if (!record || !Apply(record->first, record->second, result, sparse)) {
      return CorruptLayer("tar: an extended header is malformed");
    }
  }
  result.sparse = sparse.Known(!result.sparse_map.empty());
  result.map_in_content = result.sparse && sparse.major == "1";
  if (result.sparse && !result.map_in_content) {
    // Go's reader insists that the records agree.
    const auto pieces = ParsePaxMap(result.sparse_map);
    if (!pieces || base::ParseUint64(sparse.blocks) != pieces->size()) {
      return CorruptLayer("tar: a sparse map is malformed");
    }
  }
  return result;
}

}  // namespace landwaiter::agent::layer
