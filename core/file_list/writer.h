#ifndef LANDWAITER_CORE_FILE_LIST_WRITER_H_
#define LANDWAITER_CORE_FILE_LIST_WRITER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "core/base/hash.h"
#include "core/file_list/entry.h"

struct ZSTD_CCtx_s;

namespace landwaiter::file_list {

// Writes a layer's entries in the order of its archive, so that the list is a
// function of the layer's bytes, in a form that takes some 45 bytes for a file
// (32 of them its digest). Memory does not grow with the list. Not
// thread-safe.
//
// Format: "LWF1", then records; all of it compressed by zstd as one frame.
// Numbers are LEB128. A record is
//
//   flags      bits 0-2 Kind; bit 3: owner and mode are the last record's;
//              bit 4: a capability follows; bit 5: an ELF number follows
//   shared     bytes of the path that are the last record's path's
//   length, rest of the path
//   mode, uid, gid                 unless bit 3
//   size, 32 bytes of SHA-256      of kFile
//   length, capability             with bit 4
//   ELF number                     with bit 5
//   length, target                 of kHardLink and kSymlink
//   major, minor                   of kCharDevice and kBlockDevice
class Writer {
 public:
  // Takes the compressed list piece by piece.
  using Sink = std::function<absl::Status(std::string_view)>;

  // At most `limit` bytes before compression: with an entry that would pass
  // that the list is cut (and stays so). The limit is not on the compressed
  // size, which may differ between releases of zstd.
  Writer(Sink sink, uint64_t limit);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // The sink's error. REQUIRES: the entry's texts keep their limits.
  absl::Status Add(const Entry& entry);
  // After the last entry. The object is then good for the questions below.
  absl::Status Finish();

  uint64_t size() const { return size_; }    // bytes before compression
  uint64_t count() const { return count_; }  // entries in the list
  bool cut() const { return cut_; }
  // Of the list before compression, hexadecimal; after Finish.
  const std::string& sha256() const { return sha256_; }

 private:
  struct FreeStream {
    void operator()(ZSTD_CCtx_s* stream) const;
  };

  absl::Status Compress(bool end);

  const Sink sink_;
  const uint64_t limit_;
  std::unique_ptr<ZSTD_CCtx_s, FreeStream> stream_;
  base::Sha256 hash_;
  std::string sha256_;
  std::string pending_;  // encoded, not yet compressed
  std::string record_;   // scratch
  std::string path_;     // of the last record
  uint32_t mode_ = 0;    // of the last record
  uint64_t uid_ = 0;
  uint64_t gid_ = 0;
  uint64_t size_ = 0;
  uint64_t count_ = 0;
  bool cut_ = false;
};

}  // namespace landwaiter::file_list

#endif  // LANDWAITER_CORE_FILE_LIST_WRITER_H_
