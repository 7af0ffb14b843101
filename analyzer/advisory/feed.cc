#include "analyzer/advisory/feed.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <vector>

#include "analyzer/advisory/zip.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kJson = ".json";
constexpr std::string_view kZip = ".zip";

// Kubernetes mounts a ConfigMap as links through `..data` into a folder named
// `..<time>`: the links are the files, under names that stay.
bool IsMountsOwn(const std::string& name) { return name.starts_with(".."); }

// The files of a feed, sorted; a single file whatever its name.
absl::StatusOr<std::vector<fs::path>> FilesOf(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    return absl::NotFoundError(
        base::StrCat("advisories: there is nothing at ", path.string()));
  }
  if (!fs::is_directory(status)) return std::vector<fs::path>{path};
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator it(path, error), end;
       !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (IsMountsOwn(name)) {
      it.disable_recursion_pending();
      continue;
    }
    if ((name.ends_with(kJson) || name.ends_with(kZip)) &&
        fs::is_regular_file(it->path(), error)) {
      files.push_back(it->path());
    }
    error.clear();
  }
  if (error) {
    return absl::InvalidArgumentError(base::StrCat(
        "advisories: ", path.string(), " cannot be read: ", error.message()));
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    return absl::InvalidArgumentError(
        base::StrCat("advisories: no .json and no .zip is in ", path.string()));
  }
  return files;
}

// Counts what is read against the limits.
class Budget {
 public:
  explicit Budget(const FeedLimits& limits) : left_(limits) {}

  absl::Status Take(uint64_t bytes) {
    if (left_.records == 0 || bytes > left_.bytes) {
      return base::Failure(base::FailureCode::kLimitExceeded,
                           "advisories: the feed is larger than the limit",
                           "feed-size");
    }
    --left_.records;
    left_.bytes -= bytes;
    return absl::OkStatus();
  }

 private:
  FeedLimits left_;
};

absl::Status ReadJson(const fs::path& path, VisitRecord visit) {
  const std::string name = path.string();
  std::error_code error;
  if (fs::file_size(path, error) > kMaxRecord || error) {
    return visit({name, {}, RecordProblem::kTooLarge});
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)),
                    std::istreambuf_iterator<char>());
  if (!in && !in.eof()) return visit({name, {}, RecordProblem::kUnreadable});
  return visit({name, bytes, RecordProblem::kNone});
}

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

absl::Status ReadFeed(const std::string& path, const FeedLimits& limits,
                      VisitRecord visit) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto files, FilesOf(path));
  Budget budget(limits);
  const auto within_budget = [&](const FeedRecord& record) -> absl::Status {
    LANDWAITER_RETURN_IF_ERROR(budget.Take(record.json.size()));
    return visit(record);
  };
  for (const fs::path& file : files) {
    const bool json = file.extension() == kJson;
    LANDWAITER_RETURN_IF_ERROR(json ? ReadJson(file, within_budget)
                                    : ReadZip(file.string(), within_budget));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> FeedDigest(const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto files, FilesOf(path));
  base::Sha256 hash;
  for (const fs::path& file : files) {
    // Where the feed lies does not matter; the names inside it do.
    const std::string name = file.lexically_relative(path).string();
    base::Sha256 content;
    LANDWAITER_RETURN_IF_ERROR(HashFile(file, content));
    hash.Update(base::StrCat(name, "\n", content.FinishHex(), "\n"));
  }
  return hash.FinishHex();
}

}  // namespace landwaiter::analyzer::advisory
