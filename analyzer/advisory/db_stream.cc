#include "analyzer/advisory/db_stream.h"

#include <fcntl.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "analyzer/advisory/codec.h"
#include "core/base/failure.h"
#include "core/base/hex.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kMagicPrefix = "landwaiter-advisory-stream-";
constexpr size_t kLongestMagic = 64;
constexpr size_t kBlock = size_t{128} << 10;
// A compromise: half again as small takes five times as long.
constexpr int kLevel = 6;

absl::Status Broken(std::string_view why) {
  return absl::DataLossError(base::StrCat("the advisory stream ", why));
}

void AppendText(std::string_view text, std::string& bytes) {
  AppendNumber(text.size(), bytes);
  bytes.append(text);
}

// Takes a text off the front; nullopt if there is none.
std::optional<std::string_view> TakeText(std::string_view& bytes) {
  uint64_t length = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    length |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      if (length > bytes.size()) return std::nullopt;
      const std::string_view text = bytes.substr(0, length);
      bytes.remove_prefix(length);
      return text;
    }
  }
  return std::nullopt;
}

std::string FrameStart(FrameKind kind, size_t size) {
  std::string start(1, static_cast<char>(kind));
  AppendNumber(size, start);
  return start;
}

bool IsHashed(FrameKind kind) {
  return kind == FrameKind::kAdvisory || kind == FrameKind::kEnrichment;
}

struct FreeEncoder {
  void operator()(ZSTD_CCtx* encoder) const { ZSTD_freeCCtx(encoder); }
};

}  // namespace

std::string StreamMagic() {
  const std::string_view number = kDbFormat.substr(kDbFormat.rfind('-') + 1);
  return base::StrCat(kMagicPrefix, number, "\n");
}

std::string EncodeEnrichmentFrame(const Enrichment& enrichment) {
  std::string bytes;
  AppendText(enrichment.cve, bytes);
  return bytes + EncodeEnrichment(enrichment);
}

std::optional<Enrichment> DecodeEnrichmentFrame(std::string_view bytes) {
  const auto cve = TakeText(bytes);
  if (!cve) return std::nullopt;
  return DecodeEnrichment(*cve, bytes);
}

std::string_view FrameName(const Frame& frame) {
  std::string_view bytes = frame.bytes;
  auto name = TakeText(bytes);
  // An advisory begins with its details, which begin with its id.
  if (name && frame.kind == FrameKind::kAdvisory) name = TakeText(*name);
  return name.value_or(std::string_view());
}

struct StreamWriter::Impl {
  int file = -1;
  std::string path;
  std::unique_ptr<ZSTD_CCtx, FreeEncoder> encoder{ZSTD_createCCtx()};
  base::Sha256 hash;
  std::vector<char> packed = std::vector<char>(ZSTD_CStreamOutSize());

  ~Impl() {
    if (file >= 0) ::close(file);
  }

  absl::Status Failed() const {
    return absl::ResourceExhaustedError(
        base::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }

  absl::Status WriteAll(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return Failed();
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return absl::OkStatus();
  }

  absl::Status Put(std::string_view bytes, ZSTD_EndDirective how) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (true) {
      ZSTD_outBuffer out{packed.data(), packed.size(), 0};
      const size_t left = ZSTD_compressStream2(encoder.get(), &out, &in, how);
      if (ZSTD_isError(left) != 0) {
        return absl::InternalError(ZSTD_getErrorName(left));
      }
      LANDWAITER_RETURN_IF_ERROR(WriteAll({packed.data(), out.pos}));
      if (how == ZSTD_e_end ? left == 0 : in.pos == in.size) {
        return absl::OkStatus();
      }
    }
  }
};

StreamWriter::StreamWriter(std::unique_ptr<Impl> impl)
    : impl_(std::move(impl)) {}
StreamWriter::~StreamWriter() = default;

absl::StatusOr<std::unique_ptr<StreamWriter>> StreamWriter::Create(
    const std::string& path) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->file =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (impl->file < 0) return impl->Failed();
  ZSTD_CCtx_setParameter(impl->encoder.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(impl->encoder.get(), ZSTD_c_checksumFlag, 1);
  LANDWAITER_RETURN_IF_ERROR(impl->Put(StreamMagic(), ZSTD_e_continue));
  return std::unique_ptr<StreamWriter>(new StreamWriter(std::move(impl)));
}

absl::Status StreamWriter::Add(FrameKind kind, std::string_view bytes) {
  const std::string start = FrameStart(kind, bytes.size());
  if (IsHashed(kind)) {
    impl_->hash.Update(start);
    impl_->hash.Update(bytes);
  }
  LANDWAITER_RETURN_IF_ERROR(impl_->Put(start, ZSTD_e_continue));
  return impl_->Put(bytes, ZSTD_e_continue);
}

absl::StatusOr<std::string> StreamWriter::Finish() {
  const std::string digest = impl_->hash.FinishRaw();
  LANDWAITER_RETURN_IF_ERROR(Add(FrameKind::kEnd, digest));
  LANDWAITER_RETURN_IF_ERROR(impl_->Put("", ZSTD_e_end));
  if (::fsync(impl_->file) != 0) return impl_->Failed();
  return base::HexEncode(digest);
}

absl::StatusOr<std::unique_ptr<StreamReader>> StreamReader::Open(
    const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(std::unique_ptr<FeedFile> file, OpenZstd(path));
  FeedFile& shown = *file;
  std::unique_ptr<StreamReader> reader(
      new StreamReader(std::move(file), shown));
  LANDWAITER_RETURN_IF_ERROR(reader->Begin());
  return reader;
}

absl::StatusOr<std::unique_ptr<StreamReader>> StreamReader::Over(
    FeedFile& file) {
  std::unique_ptr<StreamReader> reader(new StreamReader(nullptr, file));
  LANDWAITER_RETURN_IF_ERROR(reader->Begin());
  return reader;
}

absl::Status StreamReader::Begin() {
  std::string magic;
  while (magic.size() < kLongestMagic && !magic.ends_with('\n')) {
    const absl::StatusOr<char> byte = Byte();
    if (!byte.ok()) break;
    magic.push_back(*byte);
  }
  if (!magic.starts_with(kMagicPrefix)) {
    return absl::InvalidArgumentError(
        base::StrCat(base::Printable(file_.name()), " is no advisory stream"));
  }
  if (magic == StreamMagic()) return absl::OkStatus();
  return absl::FailedPreconditionError(base::StrCat(
      base::Printable(file_.name()), " is of the version ",
      base::Printable(base::Strip(magic)), ", this program reads ",
      base::Strip(StreamMagic()), ": export it again with this release"));
}

absl::Status StreamReader::Fill() {
  buffer_.resize(kBlock);
  next_ = 0;
  absl::StatusOr<size_t> got = file_.Read(buffer_.data(), buffer_.size());
  buffer_.resize(got.ok() ? *got : 0);
  LANDWAITER_RETURN_IF_ERROR(got.status());
  return buffer_.empty() ? Broken("is cut off") : absl::OkStatus();
}

absl::StatusOr<char> StreamReader::Byte() {
  if (next_ == buffer_.size()) LANDWAITER_RETURN_IF_ERROR(Fill());
  return buffer_[next_++];
}

absl::Status StreamReader::Bytes(uint64_t size, std::string& bytes) {
  while (bytes.size() < size) {
    if (next_ == buffer_.size()) LANDWAITER_RETURN_IF_ERROR(Fill());
    const size_t part =
        std::min<uint64_t>(size - bytes.size(), buffer_.size() - next_);
    bytes.append(buffer_, next_, part);
    next_ += part;
  }
  return absl::OkStatus();
}

absl::StatusOr<Frame> StreamReader::Next() {
  Frame frame;
  LANDWAITER_ASSIGN_OR_RETURN(const char kind, Byte());
  frame.kind = static_cast<FrameKind>(kind);
  uint64_t size = 0;
  for (int shift = 0;; shift += 7) {
    LANDWAITER_ASSIGN_OR_RETURN(const char byte, Byte());
    size |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) break;
    if (shift > 28) return Broken("has a frame that is too large");
  }
  if (size > kMaxFrame) return Broken("has a frame that is too large");
  LANDWAITER_RETURN_IF_ERROR(Bytes(size, frame.bytes));
  if (IsHashed(frame.kind)) {
    hash_.Update(FrameStart(frame.kind, frame.bytes.size()));
    hash_.Update(frame.bytes);
    return frame;
  }
  if (frame.kind == FrameKind::kHeader) return frame;
  if (frame.kind != FrameKind::kEnd) return Broken("has an unknown frame");
  const std::string digest = hash_.FinishRaw();
  if (frame.bytes != digest) return Broken("is not what its hash says");
  digest_ = base::HexEncode(digest);
  return frame;
}

}  // namespace landwaiter::analyzer::advisory
