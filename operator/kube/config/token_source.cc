#include "operator/kube/config/token_source.h"

#include <sys/stat.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/strings.h"
#include "operator/kube/config/file.h"

namespace landwaiter::kube {
namespace {

constexpr absl::Duration kReadAgain = absl::Minutes(1);

// In nanoseconds; -1 if there is no such file.
int64_t ModifiedAt(const std::string& path) {
  struct stat info;
  if (stat(path.c_str(), &info) != 0) return -1;
  return info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec;
}

}  // namespace

FileToken::FileToken(std::string path, base::Clock* clock)
    : path_(std::move(path)), clock_(clock) {}

bool FileToken::IsStale(absl::Time now, int64_t modified) const {
  return token_.empty() || modified != modified_ ||
         now - read_at_ >= kReadAgain || now < read_at_;
}

absl::StatusOr<std::string> FileToken::Token() {
  absl::MutexLock lock(&mutex_);
  const absl::Time now = clock_->Now();
  const int64_t modified = ModifiedAt(path_);
  if (!IsStale(now, modified)) return token_;
  auto bytes = ReadSmallFile(path_);
  std::string token(bytes.ok() ? base::Strip(*bytes) : "");
  if (!token.empty()) {
    token_ = std::move(token);
    modified_ = modified;
    read_at_ = now;
  }
  if (!token_.empty()) return token_;
  if (!bytes.ok()) return bytes.status();
  return absl::UnauthenticatedError(absl::StrCat("no token in ", path_));
}

void FileToken::Refused() {
  absl::MutexLock lock(&mutex_);
  read_at_ = absl::InfinitePast();
}

}  // namespace landwaiter::kube
