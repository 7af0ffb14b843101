#include "agent/layer/table_of_contents.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/layer/path.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/hex.h"
#include "core/base/strings.h"
#include "core/text/json.h"

namespace landwaiter::agent::layer {
namespace {

using file_list::Kind;

uint64_t LittleEndian(std::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = bytes.size(); i-- > 0;) {
    number = number << 8 | static_cast<uint8_t>(bytes[i]);
  }
  return number;
}

std::optional<uint8_t> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// The 32 bytes of "sha256:HEX"; empty for anything else.
std::string DigestBytes(std::string_view text) {
  constexpr std::string_view kPrefix = "sha256:";
  std::string bytes;
  if (!text.starts_with(kPrefix)) return bytes;
  text.remove_prefix(kPrefix.size());
  if (text.size() != 2 * file_list::kSha256Bytes) return bytes;
  for (size_t i = 0; i < text.size(); i += 2) {
    const auto high = HexDigit(text[i]);
    const auto low = HexDigit(text[i + 1]);
    if (!high || !low) return {};
    bytes += static_cast<char>(*high << 4 | *low);
  }
  return bytes;
}

// What a table says of an entry, as far as it is compared. Keys are lower
// case: Go, which reads these tables, does not tell them apart.
constexpr std::array<std::string_view, 12> kFields = {
    "type",     "name",     "linkname", "mode",   "uid",         "gid",
    "devmajor", "devminor", "size",     "digest", "chunkdigest", "chunksize"};
enum Field : size_t {
  kType,
  kName,
  kLinkName,
  kMode,
  kUid,
  kGid,
  kMajor,
  kMinor,
  kSize,
  kDigest,
  kChunkDigest,
  kChunkSize,
};

std::optional<Kind> KindOf(std::string_view type) {
  constexpr std::pair<std::string_view, Kind> kKinds[] = {
      {"reg", Kind::kFile},        {"hardlink", Kind::kHardLink},
      {"symlink", Kind::kSymlink}, {"dir", Kind::kDirectory},
      {"char", Kind::kCharDevice}, {"block", Kind::kBlockDevice},
      {"fifo", Kind::kFifo}};
  for (const auto& [name, kind] : kKinds) {
    if (name == type) return kind;
  }
  return std::nullopt;
}

class TableReader : public text::TreeHandler {
 public:
  explicit TableReader(EntrySum& sum)
      : sum_(sum),
        empty_digest_(DigestBytes(
            base::StrCat("sha256:", std::string_view(base::Sha256Hex(""))))) {}

  absl::Status Enter(const text::Path& path) override {
    if (path.size() == 1 && IsEntries(path) && lists_++ > 0) {
      Fault("it has more than one list of entries");
    }
    if (path.size() == 2 && IsEntries(path)) {
      fields_ = {};
      seen_ = {};
    }
    return absl::OkStatus();
  }

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.size() != 3 || !IsEntries(path)) return absl::OkStatus();
    const std::string key = base::ToLower(path[2]);
    const auto* const found = std::find(kFields.begin(), kFields.end(), key);
    if (found == kFields.end()) return absl::OkStatus();
    const auto field = static_cast<size_t>(found - kFields.begin());
    if (std::exchange(seen_[field], true)) {
      Fault(base::StrCat("an entry says \"", key, "\" twice"));
    }
    fields_[field] = text;
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (path.size() == 2 && IsEntries(path)) AddEntry();
    return absl::OkStatus();
  }

  std::string TakeFault() { return std::move(fault_); }

 private:
  static bool IsEntries(const text::Path& path) {
    return base::EqualsIgnoreCase(path[0], "entries");
  }

  void Fault(std::string fault) {
    if (fault_.empty()) fault_ = std::move(fault);
  }

  uint64_t Number(Field field) {
    const std::string& text = fields_[field];
    if (text.empty()) return 0;
    const auto number = base::ParseUint64(text);
    if (!number) Fault("a number in it is none");
    return number.value_or(0);
  }

  void AddEntry() {
    if (fields_[kType] == "chunk") return;  // goes on with the file before it
    const auto path = CleanPath(fields_[kName], cleaned_);
    if (!path || path->empty()) return;
    const auto kind = KindOf(fields_[kType]);
    if (!kind) {
      Fault(base::StrCat("an entry is of the type \"",
                         base::Printable(fields_[kType], 20), "\""));
      return;
    }
    file_list::Entry entry;
    entry.kind = *kind;
    entry.path = *path;
    entry.mode = static_cast<uint32_t>(Number(kMode) & 07777);
    entry.uid = Number(kUid);
    entry.gid = Number(kGid);
    entry.target = fields_[kLinkName];
    std::string digest;
    if (*kind == Kind::kFile && !IsHidden(*path)) {
      entry.size = Number(kSize);
      digest = FileDigest(entry.size);
      entry.sha256 = digest;
    } else if (*kind == Kind::kCharDevice || *kind == Kind::kBlockDevice) {
      entry.major = Number(kMajor);
      entry.minor = Number(kMinor);
    }
    if (*kind == Kind::kHardLink &&
        CleanPath(entry.target, cleaned_target_) == path) {
      return;  // changes nothing, nor does it in the stream
    }
    sum_.Add(entry);
  }

  // A file's, which for an empty one may be left out. Runtimes compare a piece
  // with its own digest, so that of a file in one piece must be the file's.
  std::string FileDigest(uint64_t size) {
    if (size == 0 && fields_[kDigest].empty()) return empty_digest_;
    const uint64_t piece = Number(kChunkSize);
    if (!fields_[kChunkDigest].empty() && (piece == 0 || piece >= size) &&
        fields_[kChunkDigest] != fields_[kDigest]) {
      Fault(base::StrCat(base::Printable(fields_[kName]),
                         " has two different digests in it"));
    }
    return DigestBytes(fields_[kDigest]);
  }

  EntrySum& sum_;
  const std::string empty_digest_;
  std::array<std::string, kFields.size()> fields_;
  std::array<bool, kFields.size()> seen_ = {};
  int lists_ = 0;
  std::string cleaned_;         // scratch
  std::string cleaned_target_;  // scratch
  std::string fault_;
};

}  // namespace

std::optional<uint64_t> StargzFooter(std::string_view extra) {
  // "%016xSTARGZ", in a subfield of the name SG or (before that was noticed to
  // break RFC 1952) alone.
  constexpr std::string_view kMagic = "STARGZ";
  constexpr size_t kOffset = 16;
  if (extra.size() < kOffset + kMagic.size() || !extra.ends_with(kMagic)) {
    return std::nullopt;
  }
  uint64_t offset = 0;
  for (const char c :
       extra.substr(extra.size() - kOffset - kMagic.size(), kOffset)) {
    const auto digit = HexDigit(c);
    if (!digit) return std::nullopt;
    offset = offset << 4 | *digit;
  }
  return offset;
}

std::optional<ChunkedFooter> ReadChunkedFooter(std::string_view payload) {
  // Offset, compressed and inflated size, and type of the table, the same of
  // what remakes the archive (in newer ones), and the magic.
  if (payload.size() < 40 || !payload.ends_with("GNUlInUx")) {
    return std::nullopt;
  }
  return ChunkedFooter{LittleEndian(payload.substr(0, 8)),
                       LittleEndian(payload.substr(8, 8)),
                       LittleEndian(payload.substr(16, 8))};
}

const StreamParts::Skippable* FindTable(const StreamParts& parts,
                                        const ChunkedFooter& footer) {
  for (const StreamParts::Skippable& frame : parts.skippable) {
    if (frame.offset == footer.offset && frame.size == footer.size &&
        frame.payload.size() == frame.size) {
      return &frame;
    }
  }
  return nullptr;
}

absl::StatusOr<std::string> ReadTable(extract::File& file, EntrySum& sum) {
  TableReader reader(sum);
  LANDWAITER_ASSIGN_OR_RETURN(const text::Outcome outcome,
                              text::ReadJson(file, reader));
  if (!outcome.fault.empty()) return outcome.fault;
  return reader.TakeFault();
}

bool IsHidden(std::string_view path) {
  const size_t slash = path.rfind('/');
  return path.substr(slash == path.npos ? 0 : slash + 1).starts_with(".wh.");
}

}  // namespace landwaiter::agent::layer
