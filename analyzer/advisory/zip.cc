#include "analyzer/advisory/zip.h"

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <string_view>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

absl::Status Damaged(const std::string& path, archive* zip) {
  const char* why = archive_error_string(zip);
  return absl::InvalidArgumentError(
      base::StrCat("advisories: ", path, " is no zip that can be read: ",
                   base::Printable(why == nullptr ? "unknown" : why)));
}

// The rest of the present entry.
RecordProblem ReadEntry(archive* zip, std::string& bytes) {
  bytes.clear();
  char buffer[1 << 16];
  while (true) {
    const la_ssize_t n = archive_read_data(zip, buffer, sizeof(buffer));
    if (n < 0) return RecordProblem::kUnreadable;
    if (n == 0) return RecordProblem::kNone;
    bytes.append(buffer, static_cast<size_t>(n));
    if (bytes.size() > kMaxRecord) return RecordProblem::kTooLarge;
  }
}

}  // namespace

absl::Status ReadZip(const std::string& path, VisitRecord visit) {
  const Archive zip(archive_read_new());
  if (zip == nullptr) return absl::ResourceExhaustedError("out of memory");
  archive_read_support_format_zip_seekable(zip.get());
  if (archive_read_open_filename(zip.get(), path.c_str(), 1 << 16) !=
      ARCHIVE_OK) {
    return Damaged(path, zip.get());
  }
  std::string bytes;
  while (true) {
    archive_entry* entry = nullptr;
    const int next = archive_read_next_header(zip.get(), &entry);
    if (next == ARCHIVE_EOF) return absl::OkStatus();
    if (next < ARCHIVE_WARN) return Damaged(path, zip.get());
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr || !std::string_view(name).ends_with(".json")) {
      continue;
    }
    const std::string place = base::StrCat(path, ":", name);
    const RecordProblem problem = ReadEntry(zip.get(), bytes);
    if (problem != RecordProblem::kNone) bytes.clear();
    LANDWAITER_RETURN_IF_ERROR(visit({place, bytes, problem}));
  }
}

}  // namespace landwaiter::analyzer::advisory
