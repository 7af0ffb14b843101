#include <zstd.h>
#include <zstd_errors.h>

#include <memory>
#include <string_view>

#include "agent/layer/inflater.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

struct FreeStream {
  void operator()(ZSTD_DCtx* stream) const { ZSTD_freeDCtx(stream); }
};

class ZstdInflater : public Inflater {
 public:
  explicit ZstdInflater(const Limits& limits)
      : limits_(limits),
        stream_(ZSTD_createDCtx()),
        output_size_(ZSTD_DStreamOutSize()),
        output_(std::make_unique<char[]>(output_size_)) {
    ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax,
                           limits.zstd_window_log);
  }

  absl::Status Push(std::string_view bytes, ChunkSink sink) override {
    ZSTD_inBuffer in = {bytes.data(), bytes.size(), 0};
    bool full = false;
    while (in.pos < in.size || full) {
      ZSTD_outBuffer out = {output_.get(), output_size_, 0};
      needed_ = ZSTD_decompressStream(stream_.get(), &out, &in);
      if (ZSTD_isError(needed_)) return Error();
      // With the frame at its end there is nothing left to flush, and another
      // call would ask for the next frame.
      full = out.pos == out.size && needed_ != 0;
      LANDWAITER_RETURN_IF_ERROR(sink({output_.get(), out.pos}));
    }
    return absl::OkStatus();
  }

  absl::Status Finish(ChunkSink) override {
    if (needed_ != 0) {
      return CorruptLayer("zstd: the data ends in the middle of a frame");
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Error() const {
    if (ZSTD_getErrorCode(needed_) ==
        ZSTD_error_frameParameter_windowTooLarge) {
      return LimitExceeded("zstdWindow", "the window of a zstd frame",
                           uint64_t{1} << limits_.zstd_window_log);
    }
    if (ZSTD_getErrorCode(needed_) == ZSTD_error_memory_allocation) {
      return LimitExceeded("memory", "the memory for a zstd frame",
                           limits_.memory_bytes);
    }
    return CorruptLayer(base::StrCat("zstd: ", ZSTD_getErrorName(needed_)));
  }

  const Limits limits_;
  std::unique_ptr<ZSTD_DCtx, FreeStream> stream_;
  const size_t output_size_;
  std::unique_ptr<char[]> output_;
  size_t needed_ = 1;  // 0: at the end of a frame
};

}  // namespace

std::unique_ptr<Inflater> NewZstdInflater(const Limits& limits) {
  return std::make_unique<ZstdInflater>(limits);
}

}  // namespace landwaiter::agent::layer
