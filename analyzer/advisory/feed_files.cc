#include "analyzer/advisory/feed_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "analyzer/advisory/unpack.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

namespace fs = std::filesystem;

// Kubernetes mounts a ConfigMap as links through `..data` into a folder named
// `..<time>`: the links are the files, under names that stay.
bool IsMountsOwn(const std::string& name) { return name.starts_with(".."); }

bool Opens(const FeedFormat& format, const std::string& name) {
  return format.Reads(name) || IsArchiveName(name) ||
         format.Reads(WithoutCompression(name));
}

struct Files {
  std::vector<fs::path> paths;  // sorted
  bool single = false;
};

absl::StatusOr<Files> FilesOf(const fs::path& path, const FeedFormat& format) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    return absl::NotFoundError(
        base::StrCat("advisories: there is nothing at ", path.string()));
  }
  if (!fs::is_directory(status)) return Files{{path}, true};
  Files files;
  for (fs::recursive_directory_iterator it(path, error), end;
       !error && it != end; it.increment(error)) {
    if (IsMountsOwn(it->path().filename().string())) {
      it.disable_recursion_pending();
      continue;
    }
    const std::string name = it->path().lexically_relative(path).string();
    if (Opens(format, name) && fs::is_regular_file(it->path(), error)) {
      files.paths.push_back(it->path());
    }
    error.clear();
  }
  if (error) {
    return absl::InvalidArgumentError(base::StrCat(
        "advisories: ", path.string(), " cannot be read: ", error.message()));
  }
  std::sort(files.paths.begin(), files.paths.end());
  if (files.paths.empty()) {
    return absl::InvalidArgumentError(
        base::StrCat("advisories: nothing of the format ", format.name(),
                     " is in ", path.string()));
  }
  return files;
}

class PlainFile : public FeedFile {
 public:
  PlainFile(const fs::path& path, std::string name, FeedBudget& budget)
      : in_(path, std::ios::binary), name_(std::move(name)), budget_(budget) {}
  const std::string& name() const override { return name_; }
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    in_.read(buffer, static_cast<std::streamsize>(size));
    const auto got = static_cast<size_t>(in_.gcount());
    if (got == 0 && !in_.eof()) {
      return absl::InvalidArgumentError(
          base::StrCat(base::Printable(name_), " cannot be read"));
    }
    LANDWAITER_RETURN_IF_ERROR(budget_.TakeBytes(got));
    return got;
  }

 private:
  std::ifstream in_;
  const std::string name_;
  FeedBudget& budget_;
};

absl::Status HashFile(const fs::path& path, base::Sha256& hash) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> buffer(1 << 16);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
         in.gcount() > 0) {
    hash.Update({buffer.data(), static_cast<size_t>(in.gcount())});
  }
  if (in.eof()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      base::StrCat("advisories: ", path.string(), " cannot be read"));
}

}  // namespace

absl::Status ReadFeedFiles(const std::string& path, const FeedFormat& format,
                           const FeedLimits& limits, VisitFile visit) {
  LANDWAITER_ASSIGN_OR_RETURN(const Files files, FilesOf(path, format));
  FeedBudget budget(limits);
  for (const fs::path& file : files.paths) {
    const std::string name = files.single
                                 ? file.filename().string()
                                 : file.lexically_relative(path).string();
    const bool packed = IsArchiveName(name) || WithoutCompression(name) != name;
    if (packed || files.single) {
      LANDWAITER_RETURN_IF_ERROR(
          Unpack(file.string(), name, format, files.single, budget, visit));
      continue;
    }
    LANDWAITER_RETURN_IF_ERROR(budget.TakeFile());
    PlainFile plain(file, name, budget);
    LANDWAITER_RETURN_IF_ERROR(visit(plain));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> FeedDigest(const std::string& path,
                                       const FeedFormat& format) {
  LANDWAITER_ASSIGN_OR_RETURN(const Files files, FilesOf(path, format));
  base::Sha256 hash;
  for (const fs::path& file : files.paths) {
    // Where the feed lies does not matter; the names inside it do.
    const std::string name = file.lexically_relative(path).string();
    base::Sha256 content;
    LANDWAITER_RETURN_IF_ERROR(HashFile(file, content));
    hash.Update(base::StrCat(name, "\n", content.FinishHex(), "\n"));
  }
  return hash.FinishHex();
}

}  // namespace landwaiter::analyzer::advisory
