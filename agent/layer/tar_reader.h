#ifndef LANDWAITER_AGENT_LAYER_TAR_READER_H_
#define LANDWAITER_AGENT_LAYER_TAR_READER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/layer/limits.h"
#include "agent/layer/sparse.h"
#include "agent/layer/tar_header.h"

namespace landwaiter::agent::layer {

struct TarEntry {
  enum class Type {
    kFile,
    kHardLink,
    kSymlink,
    kDirectory,
    kCharDevice,
    kBlockDevice,
    kFifo,
    kOther,
  };
  Type type = Type::kOther;
  // As the archive has them; valid during the call.
  std::string_view path;
  std::string_view link;  // target of kHardLink and kSymlink
  uint64_t size = 0;      // of the file, holes included
  // The archive does not hold the holes; OnContent gets them as zeros.
  bool sparse = false;
  uint32_t mode = 0;  // permissions with setuid, setgid, sticky: 07777
  uint64_t uid = 0;
  uint64_t gid = 0;
  uint64_t major = 0;  // of a device
  uint64_t minor = 0;
  std::string_view capability;  // extended attribute security.capability
};

// Sees the entries of an archive in order.
class TarVisitor {
 public:
  virtual ~TarVisitor() = default;
  // Whether the content is wanted: then OnContent gets all of it in pieces,
  // and OnContentEnd follows (for an empty file, too).
  virtual absl::StatusOr<bool> OnEntry(const TarEntry& entry) = 0;
  virtual absl::Status OnContent(std::string_view bytes) = 0;
  virtual absl::Status OnContentEnd() = 0;
};

// Reads a tar stream that is pushed in pieces of any size: ustar, GNU, pax,
// star and V7 headers. Where archives can be read in more than one way it
// reads them as Go's archive/tar does, since that is what container runtimes
// unpack with: see docs/adr/0011-own-tar-reader.md.
class TarReader {
 public:
  // `visitor` must outlive this.
  TarReader(const Limits& limits, TarVisitor& visitor)
      : limits_(limits), visitor_(visitor) {}

  // CorruptLayer, LimitExceeded (entries, header, path, sparseSize), or what
  // the visitor returned; then the object is spent. Bytes behind the end of the
  // archive are ignored, as the runtimes do.
  absl::Status Push(std::string_view bytes);
  // CorruptLayer if the stream ended within an entry. (A missing end marker
  // is no fault.)
  absl::Status Finish();

  // How many of the bytes that come next are only counted: unwanted content,
  // padding, and all behind the end. Who can seek need not push them.
  uint64_t Skippable() const;
  // As Push of `size` such bytes. REQUIRES: size <= Skippable().
  absl::Status Skip(uint64_t size);

 private:
  enum class State {
    kHeader,      // at a block boundary, or filling block_
    kSecondEnd,   // one zero block was seen
    kSpecial,     // collecting the content of an 'x', 'L' or 'K' entry
    kSparseMap,   // blocks of an old GNU sparse map
    kSparseText,  // blocks of a sparse map of format 1.0
    kContent,
    kPadding,
    kEnd,
  };

  // A whole block off the front of `bytes`, or nothing yet.
  std::optional<std::string_view> TakeBlock(std::string_view& bytes);
  absl::Status OnBlock(std::string_view block);
  absl::Status OnHeader(const TarHeader& header);
  absl::Status StartSpecial(const TarHeader& header);
  absl::Status FinishSpecial();
  void ForgetSpecial();
  absl::Status StartEntry(const TarHeader& header);
  void DescribeEntry(const TarHeader& header, TarEntry& entry);
  // Sparse entries whose content is wanted.
  absl::Status StartSparse(const TarHeader& header);
  absl::Status OnSparseMapBlock(std::string_view block);
  absl::Status OnSparseTextBlock(std::string_view block);
  absl::Status StartSparseContent();
  absl::Status StartContent();
  absl::Status TakeContent(std::string_view& bytes);
  absl::Status FinishContent();
  absl::Status CheckPath(std::string_view path) const;

  const Limits limits_;
  TarVisitor& visitor_;
  State state_ = State::kHeader;
  std::array<char, kTarBlock> block_;
  size_t block_fill_ = 0;
  uint64_t headers_ = 0;    // blocks read as a header
  uint64_t remaining_ = 0;  // of content or padding
  uint64_t padding_ = 0;    // behind the content
  bool wanted_ = false;
  // Of a wanted sparse entry.
  bool expands_ = false;
  uint64_t real_size_ = 0;
  SparseMap map_;
  uint64_t map_lines_ = 0;  // of a map of format 1.0, in special_
  SparseExpander expander_;
  uint64_t holes_ = 0;  // bytes of zeros that all sparse entries took
  char special_type_ = '\0';
  std::string special_;
  // What special entries say of the entry that follows them.
  std::optional<PaxRecords> pax_;
  std::string long_name_;
  std::string long_link_;
  std::string name_;  // scratch: prefix and name
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_TAR_READER_H_
