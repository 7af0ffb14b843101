#ifndef LANDWAITER_AGENT_EXTRACT_ARCHIVE_ZIP_H_
#define LANDWAITER_AGENT_EXTRACT_ARCHIVE_ZIP_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/extract/archive/budget.h"
#include "agent/extract/archive/member.h"
#include "agent/extract/archive/zip_directory.h"
#include "agent/extract/file.h"
#include "agent/extract/problems.h"

namespace landwaiter::agent::extract::archive {

// A zip archive, read by its central directory (PKWARE APPNOTE 6.3.10), with
// zip64 and with anything put before it (an executable jar's script). Stored
// and deflated members are read; encrypted ones and other methods are a
// problem. Not for a stream, and not thread-safe.
//
// It keeps nothing of the directory in memory. What is wrong goes into the
// Problems that it was opened with; a status that is not OK is the file's.
class Zip {
 public:
  // nullopt without a problem if the file does not end like a zip, with one if
  // its end is damaged. `file` and `problems` must outlive the Zip.
  static absl::StatusOr<std::optional<Zip>> Open(File& file,
                                                 Problems& problems);

  // Shows each entry in the directory's order, until `visit` is not OK.
  absl::Status ForEach(absl::FunctionRef<absl::Status(ZipEntry)> visit);

  // The entry's content; null, with a problem, if it cannot be read. All the
  // members opened may not be larger, compressed, than the file: there are
  // archives whose entries all are one huge one.
  absl::StatusOr<std::unique_ptr<Member>> OpenMember(const ZipEntry& entry,
                                                     Budget& budget);

  // The whole content, with its checksum compared; nullopt, with a problem, if
  // it cannot be read or has more than `limit` bytes.
  absl::StatusOr<std::optional<std::string>> ReadMember(const ZipEntry& entry,
                                                        uint64_t limit,
                                                        Budget& budget);

 private:
  Zip(File& file, Problems& problems, const ZipDirectory& directory)
      : file_(&file), problems_(&problems), directory_(directory) {}

  void AddProblem(const ZipEntry& entry, std::string_view what);

  File* file_;
  Problems* problems_;
  ZipDirectory directory_;
  uint64_t opened_ = 0;  // compressed bytes of all members opened
};

}  // namespace landwaiter::agent::extract::archive

#endif  // LANDWAITER_AGENT_EXTRACT_ARCHIVE_ZIP_H_
