#ifndef LANDWAITER_AGENT_EXTRACT_ARCHIVE_ZIP_DIRECTORY_H_
#define LANDWAITER_AGENT_EXTRACT_ARCHIVE_ZIP_DIRECTORY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/extract/file.h"
#include "agent/extract/problems.h"

namespace landwaiter::agent::extract::archive {

// One entry of the central directory, as it stands there.
struct ZipEntry {
  std::string name;  // as archived: any bytes, at most kMaxZipName
  uint16_t flags = 0;
  uint16_t method = 0;
  uint32_t crc = 0;
  uint64_t compressed_size = 0;
  uint64_t size = 0;
  uint64_t header = 0;  // where in the file its local header begins
};

inline constexpr size_t kMaxZipName = 4096;
inline constexpr uint64_t kMaxZipEntries = 1'000'000;

// Where an archive's central directory lies in the file.
struct ZipDirectory {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t base = 0;     // of all offsets: bytes put before the archive
  uint64_t entries = 0;  // as the end record says
  bool wide = false;     // the end record is zip64's
};

// nullopt without a problem if the file does not end like a zip, with one if
// its end is damaged.
absl::StatusOr<std::optional<ZipDirectory>> FindZipDirectory(
    File& file, Problems& problems);

// Shows each entry in the directory's order, until `visit` is not OK. An entry
// that is broken ends it, with a problem.
absl::Status ReadZipDirectory(File& file, const ZipDirectory& directory,
                              Problems& problems,
                              absl::FunctionRef<absl::Status(ZipEntry)> visit);

}  // namespace landwaiter::agent::extract::archive

#endif  // LANDWAITER_AGENT_EXTRACT_ARCHIVE_ZIP_DIRECTORY_H_
