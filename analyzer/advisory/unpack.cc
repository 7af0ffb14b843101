#include "analyzer/advisory/unpack.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr size_t kBlock = size_t{64} << 10;
constexpr std::array<std::string_view, 5> kCompressions = {".gz", ".bz2", ".xz",
                                                           ".zst", ".lzma"};

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

absl::Status LimitExceeded(std::string_view what, std::string_view cause) {
  return base::Failure(base::FailureCode::kLimitExceeded,
                       base::StrCat("the feed ", what), cause);
}

absl::Status Damaged(const std::string& name, archive* from) {
  const char* why = archive_error_string(from);
  return absl::InvalidArgumentError(
      base::StrCat(base::Printable(name), " cannot be unpacked: ",
                   base::Printable(why == nullptr ? "unknown" : why)));
}

// The entry that an archive is at.
class Entry : public FeedFile {
 public:
  Entry(archive* from, std::string name, FeedBudget& budget)
      : archive_(from), name_(std::move(name)), budget_(budget) {}
  const std::string& name() const override { return name_; }
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    const la_ssize_t got = archive_read_data(archive_, buffer, size);
    if (got < 0) return Damaged(name_, archive_);
    const auto bytes = static_cast<uint64_t>(got);
    LANDWAITER_RETURN_IF_ERROR(budget_.TakeBytes(bytes));
    unpacked_ += bytes;
    const la_int64_t packed = archive_filter_bytes(archive_, -1);
    LANDWAITER_RETURN_IF_ERROR(budget_.CheckRatio(
        unpacked_, static_cast<uint64_t>(std::max<la_int64_t>(packed, 1))));
    return static_cast<size_t>(got);
  }

 private:
  archive* const archive_;
  const std::string name_;
  FeedBudget& budget_;
  uint64_t unpacked_ = 0;
};

// An archive inside another: libarchive asks for the entry's bytes.
struct Nested {
  FeedFile* file;
  absl::Status status;
  std::vector<char> block = std::vector<char>(kBlock);
};

la_ssize_t ReadNested(archive*, void* data, const void** buffer) {
  auto* nested = static_cast<Nested*>(data);
  auto got = nested->file->Read(nested->block.data(), nested->block.size());
  if (!got.ok()) {
    nested->status = got.status();
    return -1;
  }
  *buffer = nested->block.data();
  return static_cast<la_ssize_t>(*got);
}

Archive NewArchive() {
  Archive made(archive_read_new());
  if (made == nullptr) return made;
  archive_read_support_filter_gzip(made.get());
  archive_read_support_filter_bzip2(made.get());
  archive_read_support_filter_xz(made.get());
  archive_read_support_filter_lzma(made.get());
  archive_read_support_filter_zstd(made.get());
  archive_read_support_format_tar(made.get());
  archive_read_support_format_zip(made.get());
  archive_read_support_format_raw(made.get());
  archive_read_support_format_empty(made.get());
  return made;
}

class Unpacker {
 public:
  Unpacker(const FeedFormat& format, FeedBudget& budget, VisitFile visit)
      : format_(format), budget_(budget), visit_(visit) {}

  absl::Status Show(archive* from, const std::string& name,
                    bool whatever_name) {
    while (true) {
      archive_entry* entry = nullptr;
      const int next = archive_read_next_header(from, &entry);
      if (next == ARCHIVE_EOF) return absl::OkStatus();
      if (next < ARCHIVE_WARN) return Damaged(name, from);
      const bool raw = archive_format(from) == ARCHIVE_FORMAT_RAW;
      const char* path = archive_entry_pathname(entry);
      std::string inside(raw ? WithoutCompression(name)
                             : std::string_view(path == nullptr ? "" : path));
      if (!raw && archive_entry_filetype(entry) != AE_IFREG) continue;
      LANDWAITER_RETURN_IF_ERROR(
          ShowEntry(from, std::move(inside), raw && whatever_name, raw));
    }
  }

 private:
  absl::Status ShowEntry(archive* from, std::string name, bool whatever_name,
                         bool raw) {
    const bool packed =
        !raw && (IsArchiveName(name) || WithoutCompression(name) != name);
    const bool wanted = whatever_name || format_.Reads(name) ||
                        IsArchiveName(name) ||
                        format_.Reads(WithoutCompression(name));
    if (!wanted) return absl::OkStatus();
    LANDWAITER_RETURN_IF_ERROR(budget_.TakeFile());
    Entry entry(from, std::move(name), budget_);
    if (!packed) return visit_(entry);
    LANDWAITER_RETURN_IF_ERROR(budget_.Enter());
    absl::Status status = ShowNested(entry);
    budget_.Leave();
    return status;
  }

  absl::Status ShowNested(Entry& entry) {
    Nested nested{.file = &entry, .status = {}};
    const Archive inner = NewArchive();
    if (inner == nullptr) return absl::ResourceExhaustedError("out of memory");
    absl::Status status;
    if (archive_read_open(inner.get(), &nested, nullptr, ReadNested, nullptr) !=
        ARCHIVE_OK) {
      status = Damaged(entry.name(), inner.get());
    } else {
      status = Show(inner.get(), entry.name(), /*whatever_name=*/false);
    }
    return nested.status.ok() ? status : nested.status;
  }

  const FeedFormat& format_;
  FeedBudget& budget_;
  const VisitFile visit_;
};

}  // namespace

absl::Status FeedBudget::TakeFile() {
  if (++files_ <= limits_.files) return absl::OkStatus();
  return LimitExceeded(base::StrCat("has more than ", limits_.files, " files"),
                       "feed-files");
}

absl::Status FeedBudget::TakeBytes(uint64_t bytes) {
  bytes_ += bytes;
  if (bytes_ <= limits_.bytes) return absl::OkStatus();
  return LimitExceeded(base::StrCat("has more than ", limits_.bytes, " bytes"),
                       "feed-size");
}

absl::Status FeedBudget::CheckRatio(uint64_t unpacked, uint64_t packed) const {
  if (unpacked <= FeedLimits::kRatioFree ||
      unpacked / limits_.ratio <= packed) {
    return absl::OkStatus();
  }
  return LimitExceeded(
      base::StrCat("unpacks to more than ", limits_.ratio, " times its size"),
      "feed-ratio");
}

absl::Status FeedBudget::Enter() {
  if (nesting_-- > 0) return absl::OkStatus();
  ++nesting_;
  return LimitExceeded(
      base::StrCat("has archives inside one another, more than ",
                   limits_.nesting, " deep"),
      "feed-nesting");
}

bool IsArchiveName(std::string_view name) {
  return name.ends_with(".zip") || name.ends_with(".tgz") ||
         WithoutCompression(name).ends_with(".tar");
}

std::string_view WithoutCompression(std::string_view name) {
  for (const std::string_view suffix : kCompressions) {
    if (name.ends_with(suffix))
      return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

absl::Status Unpack(const std::string& path, const std::string& name,
                    const FeedFormat& format, bool whatever_name,
                    FeedBudget& budget, VisitFile visit) {
  const Archive archive = NewArchive();
  if (archive == nullptr) return absl::ResourceExhaustedError("out of memory");
  if (archive_read_open_filename(archive.get(), path.c_str(), kBlock) !=
      ARCHIVE_OK) {
    return Damaged(name, archive.get());
  }
  return Unpacker(format, budget, visit)
      .Show(archive.get(), name, whatever_name);
}

}  // namespace landwaiter::analyzer::advisory
