#include "core/file_list/writer.h"

#include <zstd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/base/failure.h"
#include "core/file_list/format.h"

namespace landwaiter::file_list {
namespace {

constexpr size_t kPiece = size_t{64} << 10;
constexpr int kLevel = 1;  // most bytes are digests, which nothing compresses

void AppendNumber(uint64_t number, std::string& to) {
  while (number >= 0x80) {
    to.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  to.push_back(static_cast<char>(number));
}

void AppendText(std::string_view text, std::string& to) {
  AppendNumber(text.size(), to);
  to.append(text);
}

size_t SharedPrefix(std::string_view a, std::string_view b) {
  const size_t most = std::min(a.size(), b.size());
  size_t shared = 0;
  while (shared < most && a[shared] == b[shared]) ++shared;
  return shared;
}

void AppendContent(const Entry& entry, std::string& to) {
  AppendNumber(entry.size, to);
  to.append(entry.sha256);
  if (!entry.capability.empty()) AppendText(entry.capability, to);
  if (entry.elf != 0) AppendNumber(entry.elf, to);
}

}  // namespace

void Writer::FreeStream::operator()(ZSTD_CCtx_s* stream) const {
  ZSTD_freeCCtx(stream);
}

Writer::Writer(Sink sink, uint64_t limit)
    : sink_(std::move(sink)), limit_(limit), stream_(ZSTD_createCCtx()) {
  if (stream_ == nullptr) std::abort();  // no memory for the first thing
  ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(stream_.get(), ZSTD_c_windowLog, kWindowLog);
  pending_ = kMagic;
  size_ = kMagic.size();
}

Writer::~Writer() = default;

absl::Status Writer::Add(const Entry& entry) {
  if (cut_) return absl::OkStatus();
  const bool file = entry.kind == Kind::kFile;
  const bool same =
      entry.mode == mode_ && entry.uid == uid_ && entry.gid == gid_;
  record_.clear();
  record_.push_back(static_cast<char>(
      static_cast<uint8_t>(entry.kind) | (same ? kSameOwner : 0) |
      (file && !entry.capability.empty() ? kHasCapability : 0) |
      (file && entry.elf != 0 ? kHasElf : 0)));
  const size_t shared = SharedPrefix(path_, entry.path);
  AppendNumber(shared, record_);
  AppendText(entry.path.substr(shared), record_);
  if (!same) {
    AppendNumber(entry.mode, record_);
    AppendNumber(entry.uid, record_);
    AppendNumber(entry.gid, record_);
  }
  if (file) AppendContent(entry, record_);
  if (entry.kind == Kind::kHardLink || entry.kind == Kind::kSymlink) {
    AppendText(entry.target, record_);
  }
  if (entry.kind == Kind::kCharDevice || entry.kind == Kind::kBlockDevice) {
    AppendNumber(entry.major, record_);
    AppendNumber(entry.minor, record_);
  }
  cut_ = size_ + record_.size() > limit_;
  if (cut_) return absl::OkStatus();
  path_ = entry.path;
  mode_ = entry.mode;
  uid_ = entry.uid;
  gid_ = entry.gid;
  size_ += record_.size();
  ++count_;
  pending_ += record_;
  return pending_.size() < kPiece ? absl::OkStatus() : Compress(false);
}

absl::Status Writer::Finish() {
  LANDWAITER_RETURN_IF_ERROR(Compress(true));
  sha256_ = hash_.FinishHex();
  return absl::OkStatus();
}

absl::Status Writer::Compress(bool end) {
  hash_.Update(pending_);
  char output[kPiece];
  ZSTD_inBuffer in = {pending_.data(), pending_.size(), 0};
  size_t left = 0;
  do {
    ZSTD_outBuffer out = {output, sizeof(output), 0};
    left = ZSTD_compressStream2(stream_.get(), &out, &in,
                                end ? ZSTD_e_end : ZSTD_e_continue);
    if (ZSTD_isError(left)) {
      return base::Failure(base::FailureCode::kLimitExceeded,
                           "no memory to compress the list of files", "memory");
    }
    if (out.pos > 0) LANDWAITER_RETURN_IF_ERROR(sink_({output, out.pos}));
  } while (end ? left != 0 : in.pos < in.size);
  pending_.clear();
  return absl::OkStatus();
}

}  // namespace landwaiter::file_list
