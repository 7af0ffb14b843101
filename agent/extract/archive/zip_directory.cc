#include "agent/extract/archive/zip_directory.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "agent/extract/byte_view.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::archive {
namespace {

constexpr std::string_view kEndSignature("PK\5\6", 4);
constexpr uint64_t kEndSize = 22;
constexpr uint64_t kMaxComment = 0xFFFF;
constexpr uint32_t kLocatorSignature = 0x07064b50;
constexpr uint64_t kLocatorSize = 20;
constexpr uint32_t kWideEndSignature = 0x06064b50;
constexpr uint64_t kWideEndSize = 56;
constexpr uint32_t kEntrySignature = 0x02014b50;
constexpr uint64_t kEntrySize = 46;
constexpr uint32_t kInExtra = 0xFFFFFFFF;  // the number is in zip64's field
constexpr uint16_t kWideField = 1;

constexpr size_t kBlock = size_t{64} << 10;

// Reads forward in blocks.
class Blocks {
 public:
  explicit Blocks(File& file) : file_(file) {}

  // `size` bytes at `offset`, valid until the next call; fewer at the end.
  absl::StatusOr<std::string_view> At(uint64_t offset, size_t size) {
    if (offset < begin_ || offset + size > begin_ + block_.size()) {
      block_.resize(std::max(size, kBlock));
      begin_ = offset;
      size_t done = 0;
      while (done < block_.size()) {
        LANDWAITER_ASSIGN_OR_RETURN(
            const size_t n, file_.ReadAt(offset + done, block_.data() + done,
                                         block_.size() - done));
        if (n == 0) break;
        done += n;
      }
      block_.resize(done);
    }
    return std::string_view(block_).substr(offset - begin_, size);
  }

 private:
  File& file_;
  uint64_t begin_ = 0;
  std::string block_;
};

// The end record with the directory's size and offset.
struct End {
  uint64_t position = 0;  // in the file
  uint64_t entries = 0;
  uint64_t size = 0;
  uint64_t offset = 0;
  bool wide = false;
  bool last = false;  // nothing is behind it and its comment
};

absl::StatusOr<std::optional<End>> FindEnd(File& file, Problems& problems) {
  const uint64_t size = std::min(file.size(), kEndSize + kMaxComment);
  const uint64_t begin = file.size() - size;
  std::string tail;
  LANDWAITER_ASSIGN_OR_RETURN(const bool there,
                              ReadExactly(file, begin, size, &tail));
  if (!there) return std::nullopt;
  const ByteView view(tail, std::endian::little);
  for (size_t at = tail.rfind(kEndSignature); at != tail.npos;
       at = at == 0 ? tail.npos : tail.rfind(kEndSignature, at - 1)) {
    if (at + kEndSize + view.U16(at + 20) > tail.size()) continue;
    if (view.U16(at + 4) != view.U16(at + 6)) {
      problems.Add("the archive is a part of several");
      return std::nullopt;
    }
    return End{.position = begin + at,
               .entries = view.U16(at + 10),
               .size = view.U32(at + 12),
               .offset = view.U32(at + 16),
               .last = at + kEndSize + view.U16(at + 20) == tail.size()};
  }
  return std::nullopt;
}

// Replaces what the end record says by zip64's, where there is one.
absl::Status Widen(File& file, End& end) {
  if (end.position < kLocatorSize) return absl::OkStatus();
  const uint64_t locator_at = end.position - kLocatorSize;
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(
      bool there, ReadExactly(file, locator_at, kLocatorSize, &bytes));
  const ByteView locator(bytes, std::endian::little);
  if (!there || locator.U32(0) != kLocatorSignature) return absl::OkStatus();
  // Bytes put before the archive are not in its offset.
  for (const uint64_t at :
       {locator.U64(8),
        locator_at < kWideEndSize ? 0 : locator_at - kWideEndSize}) {
    std::string record;
    LANDWAITER_ASSIGN_OR_RETURN(there,
                                ReadExactly(file, at, kWideEndSize, &record));
    const ByteView wide(record, std::endian::little);
    if (!there || wide.U32(0) != kWideEndSignature) continue;
    end = {.position = at,
           .entries = wide.U64(32),
           .size = wide.U64(40),
           .offset = wide.U64(48),
           .wide = true,
           .last = end.last};
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> EntryIsAt(File& file, uint64_t offset) {
  std::string bytes;
  LANDWAITER_ASSIGN_OR_RETURN(const bool there,
                              ReadExactly(file, offset, 4, &bytes));
  return there &&
         ByteView(bytes, std::endian::little).U32(0) == kEntrySignature;
}

// Fills in what the entry has in zip64's field. False if it is too short.
bool WidenEntry(std::string_view extra, ZipEntry& entry, uint64_t& offset) {
  const bool size = entry.size == kInExtra;
  const bool compressed_size = entry.compressed_size == kInExtra;
  const bool header = offset == kInExtra;
  if (!size && !compressed_size && !header) return true;
  while (extra.size() >= 4) {
    const ByteView field(extra, std::endian::little);
    const uint16_t length = field.U16(2);
    if (field.U16(0) != kWideField) {
      extra.remove_prefix(std::min<size_t>(extra.size(), 4 + length));
      continue;
    }
    const ByteView wide(field.Piece(4, length), std::endian::little);
    uint64_t at = 0;
    if (size) entry.size = wide.U64(std::exchange(at, at + 8));
    if (compressed_size) {
      entry.compressed_size = wide.U64(std::exchange(at, at + 8));
    }
    if (header) offset = wide.U64(std::exchange(at, at + 8));
    return wide.size() >= at;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::optional<ZipDirectory>> FindZipDirectory(
    File& file, Problems& problems) {
  LANDWAITER_ASSIGN_OR_RETURN(std::optional<End> end, FindEnd(file, problems));
  if (!end.has_value()) return std::nullopt;
  LANDWAITER_RETURN_IF_ERROR(Widen(file, *end));
  if (end->size > end->position || end->offset > end->position - end->size) {
    problems.Add("the archive's directory is not before its end");
    return std::nullopt;
  }
  ZipDirectory directory{.entries = end->entries, .wide = end->wide};
  directory.base = end->position - end->size - end->offset;
  if (directory.base > 0 && end->size > 0) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool there,
                                EntryIsAt(file, directory.base + end->offset));
    if (!there) directory.base = 0;
  }
  // With bytes before and behind, it is an archive stored in one that is cut.
  if (directory.base > 0 && !end->last) return std::nullopt;
  directory.begin = directory.base + end->offset;
  directory.end = directory.begin + end->size;
  return directory;
}

absl::Status ReadZipDirectory(File& file, const ZipDirectory& directory,
                              Problems& problems,
                              absl::FunctionRef<absl::Status(ZipEntry)> visit) {
  Blocks blocks(file);
  uint64_t entries = 0;
  for (uint64_t at = directory.begin; at < directory.end;) {
    if (++entries > kMaxZipEntries) {
      problems.Add(base::StrCat("the archive has more than ", kMaxZipEntries,
                                " entries"));
      return absl::OkStatus();
    }
    LANDWAITER_ASSIGN_OR_RETURN(const std::string_view fixed,
                                blocks.At(at, kEntrySize));
    const ByteView view(fixed, std::endian::little);
    const size_t name_size = view.U16(28);
    const size_t extra_size = view.U16(30);
    const uint64_t size = kEntrySize + name_size + extra_size + view.U16(32);
    if (view.U32(0) != kEntrySignature || size > directory.end - at) {
      problems.Add(base::StrCat("entry ", entries,
                                " of the archive's directory is broken"));
      return absl::OkStatus();
    }
    ZipEntry entry{.flags = view.U16(8),
                   .method = view.U16(10),
                   .crc = view.U32(16),
                   .compressed_size = view.U32(20),
                   .size = view.U32(24)};
    uint64_t offset = view.U32(42);
    LANDWAITER_ASSIGN_OR_RETURN(
        const std::string_view rest,
        blocks.At(at + kEntrySize, name_size + extra_size));
    at += size;
    if (name_size > kMaxZipName || rest.size() < name_size + extra_size ||
        !WidenEntry(rest.substr(name_size), entry, offset) ||
        offset > directory.begin - directory.base) {
      problems.Add(base::StrCat("entry ", entries,
                                " of the archive's directory is invalid"));
      continue;
    }
    entry.name = rest.substr(0, name_size);
    entry.header = directory.base + offset;
    LANDWAITER_RETURN_IF_ERROR(visit(std::move(entry)));
  }
  const uint64_t counted = directory.wide ? entries : entries & 0xFFFF;
  if (counted != directory.entries) {
    problems.Add(base::StrCat("the archive's directory has ", entries,
                              " entries, its end says ", directory.entries));
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::agent::extract::archive
