#ifndef LANDWAITER_AGENT_EXTRACT_OS_DPKG_STATUS_FILE_H_
#define LANDWAITER_AGENT_EXTRACT_OS_DPKG_STATUS_FILE_H_

#include <string_view>

#include "absl/status/status.h"
#include "agent/extract/file.h"
#include "agent/extract/package_list.h"

// The two kinds of file that dpkg's database is made of, and opkg's after it.
namespace landwaiter::agent::extract::os {

// Keeps the packages of a status file whose code is on disk, with `type` as
// their purl type. Lines that are no field are problems. Errors are the
// file's and LimitExceeded.
absl::Status ReadStatusFile(File& file, std::string_view type,
                            PackageList& packages);

// How a list of a package's files has them.
enum class FileList {
  kPaths,          // a path a line
  kSums,           // "DIGEST  PATH"
  kPathsThenTabs,  // "PATH", or "PATH\tMODE" and more
};

// Keeps the paths that the list has as owned. Errors are the file's.
absl::Status ReadFileList(File& file, FileList form, PackageList& packages);

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_DPKG_STATUS_FILE_H_
