#include "agent/source/files.h"

#include <utility>

#include "agent/source/tar_index.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

using base::Failure;
using base::FailureCode;

class DirectoryFiles : public Files {
 public:
  explicit DirectoryFiles(std::string root) : root_(std::move(root)) {}
  absl::StatusOr<Place> Find(const std::string& path) const override {
    LANDWAITER_ASSIGN_OR_RETURN(LocalFile file,
                                LocalFile::Open(root_ + "/" + path));
    const uint64_t size = file.size();
    return Place{std::make_shared<const LocalFile>(std::move(file)), 0, size};
  }

 private:
  const std::string root_;
};

class ArchiveFiles : public Files {
 public:
  ArchiveFiles(LocalFile file, TarIndex index)
      : file_(std::make_shared<const LocalFile>(std::move(file))),
        index_(std::move(index)) {}
  absl::StatusOr<Place> Find(const std::string& path) const override {
    const auto found = index_.find(path);
    if (found == index_.end()) {
      return Failure(
          FailureCode::kNotFound,
          base::StrCat("the archive has no ", base::Printable(path)));
    }
    const TarEntry& entry = found->second;
    return Place{file_, entry.offset, entry.size, entry.repeated};
  }

 private:
  const std::shared_ptr<const LocalFile> file_;
  const TarIndex index_;
};

}  // namespace

absl::StatusOr<std::string> Files::Read(const std::string& path,
                                        uint64_t limit) const {
  LANDWAITER_ASSIGN_OR_RETURN(const Place place, Find(path));
  if (place.repeated) {
    return Failure(FailureCode::kUnsupportedMedia,
                   base::StrCat("the archive is ambiguous: it has several ",
                                base::Printable(path)));
  }
  if (place.size > limit) {
    return Failure(
        FailureCode::kLimitExceeded,
        base::StrCat(base::Printable(path), " has more than ", limit, " bytes"),
        "manifestSize");
  }
  return place.file->ReadString(place.offset, place.size);
}

std::unique_ptr<Files> FilesOfDirectory(std::string root) {
  return std::make_unique<DirectoryFiles>(std::move(root));
}

absl::StatusOr<std::unique_ptr<Files>> FilesOfArchive(const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(LocalFile file, LocalFile::Open(path));
  LANDWAITER_ASSIGN_OR_RETURN(TarIndex index, IndexTar(file));
  return std::make_unique<ArchiveFiles>(std::move(file), std::move(index));
}

}  // namespace landwaiter::agent::source
