#include "core/file_list/reader.h"

#include <zstd.h>

#include <memory>
#include <optional>

#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/file_list/format.h"
#include "core/model/layer_report_check.h"

namespace landwaiter::file_list {
namespace {

constexpr size_t kPiece = size_t{128} << 10;
// No record is longer: two paths, and less than a thousand bytes beside them.
constexpr size_t kMaxRecord = 2 * kMaxPathBytes + 1000;

absl::Status Broken(std::string_view what) {
  return absl::InvalidArgumentError(base::StrCat("the list of files ", what));
}

// Takes values off the front of bytes; after a failure it stays failed.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  uint64_t Number() {
    uint64_t number = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      number |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return number;
    }
    failed_ = true;
    return 0;
  }
  std::string_view Bytes(uint64_t size) {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  std::string_view Text() { return Bytes(Number()); }

  bool failed() const { return failed_; }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// Makes entries of the inflated list.
class Records {
 public:
  explicit Records(absl::FunctionRef<absl::Status(const Entry&)> take)
      : take_(take) {}

  // Takes what is whole off `bytes`; with `end` all must be.
  absl::Status Take(std::string_view& bytes, bool end) {
    if (!begun_ && (bytes.size() >= kMagic.size() || end)) {
      if (!bytes.starts_with(kMagic)) return Broken("has another format");
      bytes.remove_prefix(kMagic.size());
      begun_ = true;
    }
    while (begun_ && !bytes.empty() && (end || bytes.size() >= kMaxRecord)) {
      Cursor cursor(bytes);
      Entry entry;
      if (!ReadEntry(cursor, entry)) return Broken("has a broken record");
      LANDWAITER_RETURN_IF_ERROR(take_(entry));
      bytes = cursor.rest();
    }
    return absl::OkStatus();
  }

 private:
  bool ReadEntry(Cursor& cursor, Entry& entry) {
    const std::string_view first = cursor.Bytes(1);
    const auto flags =
        first.empty() ? kUnknownFlags : static_cast<uint8_t>(first.front());
    if ((flags & kUnknownFlags) != 0) return false;
    entry.kind = static_cast<Kind>(flags & kKindMask);
    if (!ReadPath(cursor)) return false;
    entry.path = path_;
    if ((flags & kSameOwner) == 0) {
      mode_ = static_cast<uint32_t>(cursor.Number());
      uid_ = cursor.Number();
      gid_ = cursor.Number();
    }
    entry.mode = mode_;
    entry.uid = uid_;
    entry.gid = gid_;
    const bool file = entry.kind == Kind::kFile;
    if (!file && (flags & (kHasCapability | kHasElf)) != 0) return false;
    if (file) ReadContent(cursor, flags, entry);
    if (entry.kind == Kind::kHardLink || entry.kind == Kind::kSymlink) {
      entry.target = cursor.Text();
    }
    if (entry.kind == Kind::kCharDevice || entry.kind == Kind::kBlockDevice) {
      entry.major = cursor.Number();
      entry.minor = cursor.Number();
    }
    return !cursor.failed() && entry.mode <= 07777 &&
           entry.target.size() <= kMaxPathBytes &&
           entry.capability.size() <= kMaxCapabilityBytes;
  }

  bool ReadPath(Cursor& cursor) {
    const uint64_t shared = cursor.Number();
    const std::string_view rest = cursor.Text();
    if (cursor.failed() || shared > path_.size()) return false;
    path_.resize(shared);
    path_.append(rest);
    return model::IsCleanPath(path_);
  }

  static void ReadContent(Cursor& cursor, uint8_t flags, Entry& entry) {
    entry.size = cursor.Number();
    entry.sha256 = cursor.Bytes(kSha256Bytes);
    if ((flags & kHasCapability) != 0) entry.capability = cursor.Text();
    if ((flags & kHasElf) != 0) {
      entry.elf = static_cast<uint32_t>(cursor.Number());
    }
  }

  absl::FunctionRef<absl::Status(const Entry&)> take_;
  bool begun_ = false;
  std::string path_;
  uint32_t mode_ = 0;
  uint64_t uid_ = 0;
  uint64_t gid_ = 0;
};

struct FreeStream {
  void operator()(ZSTD_DCtx* stream) const { ZSTD_freeDCtx(stream); }
};

}  // namespace

absl::Status Read(std::string_view zstd, std::string_view sha256,
                  uint64_t limit,
                  absl::FunctionRef<absl::Status(const Entry&)> take) {
  const std::unique_ptr<ZSTD_DCtx, FreeStream> stream(ZSTD_createDCtx());
  if (stream == nullptr) return absl::ResourceExhaustedError("no memory");
  ZSTD_DCtx_setParameter(stream.get(), ZSTD_d_windowLogMax, kWindowLog);
  ZSTD_inBuffer in = {zstd.data(), zstd.size(), 0};
  Records records(take);
  base::Sha256 hash;
  std::string buffer;
  uint64_t inflated = 0;
  size_t needed = 1;
  bool full = false;
  while (needed != 0 && (in.pos < in.size || full)) {
    const size_t kept = buffer.size();
    buffer.resize(kept + kPiece);
    ZSTD_outBuffer out = {buffer.data() + kept, kPiece, 0};
    needed = ZSTD_decompressStream(stream.get(), &out, &in);
    if (ZSTD_isError(needed)) return Broken("cannot be inflated");
    full = out.pos == out.size;
    buffer.resize(kept + out.pos);
    inflated += out.pos;
    if (inflated > limit) return Broken("is longer than allowed");
    hash.Update(std::string_view(buffer).substr(kept));
    std::string_view rest = buffer;
    LANDWAITER_RETURN_IF_ERROR(records.Take(rest, /*end=*/false));
    buffer.erase(0, buffer.size() - rest.size());
  }
  if (needed != 0 || in.pos != in.size) return Broken("is cut or too long");
  if (hash.FinishHex() != sha256) return Broken("has another digest");
  std::string_view rest = buffer;
  return records.Take(rest, /*end=*/true);
}

}  // namespace landwaiter::file_list
