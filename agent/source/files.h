#ifndef LANDWAITER_AGENT_SOURCE_FILES_H_
#define LANDWAITER_AGENT_SOURCE_FILES_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "agent/source/local_file.h"

namespace landwaiter::agent::source {

// Where the content of a file stands.
struct Place {
  std::shared_ptr<const LocalFile> file;
  uint64_t offset = 0;
  uint64_t size = 0;
  bool repeated = false;  // there are several files of this name
};

// The files of an image on this machine: a folder's or a tar archive's.
// Thread-safe.
class Files {
 public:
  virtual ~Files() = default;
  // NotFound if there is none.
  virtual absl::StatusOr<Place> Find(const std::string& path) const = 0;

  bool Has(const std::string& path) const { return Find(path).ok(); }
  // A small file whole, which no digest vouches for. LimitExceeded
  // ("manifestSize") past `limit`; UnsupportedMedia if there are several of
  // this name, since other tools may read another one.
  absl::StatusOr<std::string> Read(const std::string& path,
                                   uint64_t limit) const;
};

// Paths are joined to `root` as they are: they must be ours.
std::unique_ptr<Files> FilesOfDirectory(std::string root);
// NotFound, or what IndexTar says.
absl::StatusOr<std::unique_ptr<Files>> FilesOfArchive(const std::string& path);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_FILES_H_
