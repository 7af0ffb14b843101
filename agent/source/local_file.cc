#include "agent/source/local_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

constexpr size_t kBuffer = 256 << 10;

}  // namespace

absl::StatusOr<LocalFile> LocalFile::Open(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return base::Failure(
        base::FailureCode::kNotFound,
        base::StrCat(path, " cannot be opened: ", std::strerror(errno)));
  }
  struct stat info = {};
  if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(descriptor);
    return absl::InvalidArgumentError(
        base::StrCat(path, " is not a regular file"));
  }
  return LocalFile(descriptor, static_cast<uint64_t>(info.st_size));
}

LocalFile::~LocalFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

LocalFile::LocalFile(LocalFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

absl::Status LocalFile::ReadExactly(uint64_t offset, char* buffer,
                                    size_t size) const {
  while (size > 0) {
    const ssize_t n =
        pread(descriptor_, buffer, size, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      return absl::InternalError(
          base::StrCat("reading the archive: ", std::strerror(errno)));
    }
    if (n == 0) {
      return base::Failure(base::FailureCode::kCorruptLayer,
                           "the archive ends too early");
    }
    buffer += n;
    offset += n;
    size -= n;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> LocalFile::ReadString(uint64_t offset,
                                                  uint64_t size) const {
  if (offset > size_ || size > size_ - offset) {
    return base::Failure(base::FailureCode::kCorruptLayer,
                         "the archive ends too early");
  }
  std::string text(size, '\0');
  LANDWAITER_RETURN_IF_ERROR(ReadExactly(offset, text.data(), size));
  return text;
}

absl::Status LocalFile::StreamBlob(uint64_t offset, uint64_t size,
                                   const model::Descriptor& blob,
                                   BlobSink sink) const {
  if (size != blob.size) {
    return base::Failure(base::FailureCode::kDigestMismatch,
                         base::StrCat("blob ", blob.digest.text(), " has ",
                                      size, " of ", blob.size, " bytes"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const model::Digest digest,
                              Pass(offset, size, sink));
  if (digest == blob.digest) return absl::OkStatus();
  return base::Failure(base::FailureCode::kDigestMismatch,
                       base::StrCat("the bytes of blob ", blob.digest.text(),
                                    " have the digest ", digest.text()));
}

absl::StatusOr<model::Digest> LocalFile::DigestOf(uint64_t offset,
                                                  uint64_t size) const {
  return Pass(offset, size, [](std::string_view) { return absl::OkStatus(); });
}

absl::StatusOr<model::Digest> LocalFile::Pass(uint64_t offset, uint64_t size,
                                              BlobSink sink) const {
  std::vector<char> buffer(std::min<uint64_t>(size, kBuffer));
  base::Sha256 hash;
  for (uint64_t done = 0; done < size;) {
    const size_t n = std::min<uint64_t>(buffer.size(), size - done);
    LANDWAITER_RETURN_IF_ERROR(ReadExactly(offset + done, buffer.data(), n));
    const std::string_view data(buffer.data(), n);
    hash.Update(data);
    LANDWAITER_RETURN_IF_ERROR(sink(data));
    done += n;
  }
  return model::Digest::FromSha256Hex(hash.FinishHex());
}

}  // namespace landwaiter::agent::source
