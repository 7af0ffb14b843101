#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "agent/layer/inflater.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

struct FreeStream {
  void operator()(ZSTD_DCtx* stream) const { ZSTD_freeDCtx(stream); }
};

constexpr size_t kMagic = 4;
constexpr size_t kSkippableHeader = 8;

// RFC 8878, 3.1.2: the lowest four bits are free.
bool IsSkippable(std::string_view magic) {
  return magic.size() >= kMagic && (magic[0] & '\xf0') == '\x50' &&
         magic.substr(1, 3) == "\x2a\x4d\x18";
}

class ZstdInflater : public Inflater {
 public:
  ZstdInflater(const Limits& limits, StreamParts& parts)
      : limits_(limits),
        parts_(parts),
        stream_(ZSTD_createDCtx()),
        output_size_(ZSTD_DStreamOutSize()),
        output_(std::make_unique<char[]>(output_size_)) {
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax,
                           limits.zstd_window_log);
  }

  absl::Status Push(std::string_view bytes, ChunkSink sink) override {
    const uint64_t end = taken_ + bytes.size();
    while (!bytes.empty()) {
      switch (place_) {
        case Place::kBetween:
          LANDWAITER_RETURN_IF_ERROR(
              TakeMagic(bytes, end - bytes.size(), sink));
          break;
        case Place::kFrame:
          LANDWAITER_RETURN_IF_ERROR(Inflate(bytes, sink));
          break;
        case Place::kSkippable:
          Skip(bytes);
          break;
      }
    }
    taken_ = end;
    return absl::OkStatus();
  }

  absl::Status Finish(ChunkSink) override {
    if (place_ != Place::kBetween || !magic_.empty()) {
      return CorruptLayer("zstd: the data ends in the middle of a frame");
    }
    return absl::OkStatus();
  }

 private:
  enum class Place { kBetween, kFrame, kSkippable };

  // Decides what kind of frame begins; `position` is where `bytes` do.
  absl::Status TakeMagic(std::string_view& bytes, uint64_t position,
                         ChunkSink sink) {
    const size_t want = IsSkippable(magic_) ? kSkippableHeader : kMagic;
    const size_t more = std::min(want - magic_.size(), bytes.size());
    magic_.append(bytes.substr(0, more));
    bytes.remove_prefix(more);
    if (magic_.size() < want || (want == kMagic && IsSkippable(magic_))) {
      return absl::OkStatus();
    }
    const std::string magic = std::exchange(magic_, {});
    if (want == kSkippableHeader) {
      StartSkippable(magic, position + more);
      return absl::OkStatus();
    }
    place_ = Place::kFrame;
    std::string_view begin = magic;
    return Inflate(begin, sink);
  }

  void StartSkippable(std::string_view header, uint64_t position) {
    left_ = 0;
    for (size_t i = kSkippableHeader; i-- > kMagic;) {
      left_ = left_ << 8 | static_cast<uint8_t>(header[i]);
    }
    auto& frames = parts_.skippable;
    if (frames.size() == StreamParts::kMaxSkippable) frames.pop_front();
    uint64_t all = left_;
    for (const StreamParts::Skippable& frame : frames) {
      all += frame.payload.size();
    }
    keep_ =
        all <= StreamParts::kMaxPayloads || left_ <= StreamParts::kSmallPayload;
    frames.push_back({position, left_, {}});
    place_ = left_ == 0 ? Place::kBetween : Place::kSkippable;
  }

  void Skip(std::string_view& bytes) {
    const size_t size = std::min<uint64_t>(left_, bytes.size());
    if (keep_) parts_.skippable.back().payload.append(bytes.substr(0, size));
    bytes.remove_prefix(size);
    left_ -= size;
    if (left_ == 0) place_ = Place::kBetween;
  }

  // Inflates until `bytes` is used up or the frame ends; takes what it used
  // off `bytes`.
  absl::Status Inflate(std::string_view& bytes, ChunkSink sink) {
    ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
    bool full = false;
    while (place_ == Place::kFrame && (in.pos < in.size || full)) {
      ZSTD_outBuffer out = {output_.get(), output_size_, 0};
      const size_t needed = ZSTD_decompressStream(stream_.get(), &out, &in);
      if (ZSTD_isError(needed)) return Error(needed);
      // With the frame at its end there is nothing left to flush.
      if (needed == 0) place_ = Place::kBetween;
      full = out.pos == out.size;
      LANDWAITER_RETURN_IF_ERROR(sink({output_.get(), out.pos}));
    }
    bytes.remove_prefix(in.pos);
    return absl::OkStatus();
  }

  absl::Status Error(size_t result) const {
    if (ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge) {
      return LimitExceeded("zstdWindow", "the window of a zstd frame",
                           uint64_t{1} << limits_.zstd_window_log);
    }
    if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) {
      return LimitExceeded("memory", "the memory for a zstd frame",
                           limits_.memory_bytes);
    }
    return CorruptLayer(base::StrCat("zstd: ", ZSTD_getErrorName(result)));
  }

  const Limits limits_;
  StreamParts& parts_;
  std::unique_ptr<ZSTD_DCtx, FreeStream> stream_;
  const size_t output_size_;
  std::unique_ptr<char[]> output_;
  Place place_ = Place::kBetween;
  uint64_t taken_ = 0;  // compressed bytes before the piece at hand
  std::string magic_;   // of the next frame, or a skippable one's header
  uint64_t left_ = 0;   // of a skippable frame
  bool keep_ = false;   // its payload
};

}  // namespace

std::unique_ptr<Inflater> NewZstdInflater(const Limits& limits,
                                          StreamParts& parts) {
  return std::make_unique<ZstdInflater>(limits, parts);
}

}  // namespace landwaiter::agent::layer
