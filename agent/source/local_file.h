#ifndef LANDWAITER_AGENT_SOURCE_LOCAL_FILE_H_
#define LANDWAITER_AGENT_SOURCE_LOCAL_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/source/image_source.h"
#include "core/model/image.h"

namespace landwaiter::agent::source {

// A file that is open for reading at any place. Thread-safe.
class LocalFile {
 public:
  // NotFound, or INVALID_ARGUMENT for what is no regular file.
  static absl::StatusOr<LocalFile> Open(const std::string& path);
  ~LocalFile();
  LocalFile(LocalFile&& other) noexcept;
  LocalFile& operator=(LocalFile&&) = delete;

  uint64_t size() const { return size_; }
  // Exactly `size` bytes from `offset`, or an error.
  absl::Status ReadExactly(uint64_t offset, char* buffer, size_t size) const;
  absl::StatusOr<std::string> ReadString(uint64_t offset, uint64_t size) const;
  // Streams `blob`, which stands at `offset` in `size` bytes, and checks size
  // and digest.
  absl::Status StreamBlob(uint64_t offset, uint64_t size,
                          const model::Descriptor& blob, BlobSink sink) const;
  // The digest of the `size` bytes at `offset`, all of which it reads.
  absl::StatusOr<model::Digest> DigestOf(uint64_t offset, uint64_t size) const;

 private:
  LocalFile(int descriptor, uint64_t size)
      : descriptor_(descriptor), size_(size) {}
  // Gives all of it to `sink` in pieces; the digest of what was given.
  absl::StatusOr<model::Digest> Pass(uint64_t offset, uint64_t size,
                                     BlobSink sink) const;
  int descriptor_;
  uint64_t size_;
};

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_LOCAL_FILE_H_
