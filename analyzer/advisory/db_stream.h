#ifndef LANDWAITER_ANALYZER_ADVISORY_DB_STREAM_H_
#define LANDWAITER_ANALYZER_ADVISORY_DB_STREAM_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/advisory/feed_format.h"
#include "core/base/hash.h"

// The canonical stream of advisories: the same for the same content on every
// machine, whatever the order in which it came (docs/reference/advisory-
// stream.md). Compressed with zstd as a file; inside:
//
//   "landwaiter-advisory-stream-N\n"
//   frames: kind (one byte), length (varint), bytes
//     'H' header, JSON: what is known of the content; not part of its hash
//     'A' advisory (EncodeAdvisory), sorted by id, then by their bytes
//     'E' enrichment (CVE as a text, EncodeEnrichment), sorted by CVE
//     'Z' end: SHA-256 over the frames A and E, 32 bytes
namespace landwaiter::analyzer::advisory {

// The format's number is the database's: both hold the same values.
std::string StreamMagic();

enum class FrameKind : char {
  kHeader = 'H',
  kAdvisory = 'A',
  kEnrichment = 'E',
  kEnd = 'Z',
};
struct Frame {
  FrameKind kind = FrameKind::kEnd;
  std::string bytes;
};
inline constexpr uint64_t kMaxFrame = uint64_t{256} << 20;

std::string EncodeEnrichmentFrame(const Enrichment& enrichment);
std::optional<Enrichment> DecodeEnrichmentFrame(std::string_view bytes);
// The id of an advisory's frame, or the CVE of an enrichment's; empty if it
// cannot be read.
std::string_view FrameName(const Frame& frame);

// Writes a stream to a file. Not thread-safe.
class StreamWriter {
 public:
  static absl::StatusOr<std::unique_ptr<StreamWriter>> Create(
      const std::string& path);
  ~StreamWriter();
  absl::Status Add(FrameKind kind, std::string_view bytes);
  // Ends it, durably: its digest in hex.
  absl::StatusOr<std::string> Finish();

 private:
  struct Impl;
  explicit StreamWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Reads one. Not thread-safe.
class StreamReader {
 public:
  // FAILED_PRECONDITION if it is of another version, INVALID_ARGUMENT if it is
  // none.
  static absl::StatusOr<std::unique_ptr<StreamReader>> Open(
      const std::string& path);
  // Of an uncompressed stream, which outlives it.
  static absl::StatusOr<std::unique_ptr<StreamReader>> Over(FeedFile& file);

  // The next frame; of kind kEnd when all that came was right and whole.
  // DATA_LOSS if not.
  absl::StatusOr<Frame> Next();
  // After kEnd: the digest in hex.
  const std::string& digest() const { return digest_; }

 private:
  StreamReader(std::unique_ptr<FeedFile> owned, FeedFile& file)
      : owned_(std::move(owned)), file_(file) {}
  absl::Status Begin();
  absl::Status Fill();
  absl::StatusOr<char> Byte();
  absl::Status Bytes(uint64_t size, std::string& bytes);

  const std::unique_ptr<FeedFile> owned_;
  FeedFile& file_;
  base::Sha256 hash_;
  std::string digest_;
  std::string buffer_;
  size_t next_ = 0;
};

// The file with its content compressed by zstd undone.
absl::StatusOr<std::unique_ptr<FeedFile>> OpenZstd(const std::string& path);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_DB_STREAM_H_
