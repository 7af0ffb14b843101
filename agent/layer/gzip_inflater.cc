#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "agent/layer/gzip_header.h"
#include "agent/layer/inflater.h"
#include "core/base/failure.h"

namespace landwaiter::agent::layer {
namespace {

// Large enough that ISA-L's copy of the 32 KiB window for each call does not
// show, small enough that hashing and reading find the bytes in the cache.
constexpr size_t kOutput = size_t{256} << 10;

absl::Status Corrupt(int code) {
  switch (code) {
    case ISAL_INCORRECT_CHECKSUM:
      return CorruptLayer("gzip: the checksum does not match");
    default:
      return CorruptLayer("gzip: the compressed data is invalid");
  }
}

class GzipInflater : public Inflater {
 public:
  explicit GzipInflater(StreamParts& parts)
      : parts_(parts), output_(std::make_unique<uint8_t[]>(kOutput)) {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP_NO_HDR_VER;
  }

  absl::Status Push(std::string_view bytes, ChunkSink sink) override {
    const uint64_t end = taken_ + bytes.size();
    while (!bytes.empty()) {
      if (place_ == Place::kBetween) {
        LANDWAITER_RETURN_IF_ERROR(StartMember(bytes));
        if (place_ == Place::kBetween) break;
        parts_.member = end - bytes.size();
      }
      if (!header_.done()) {
        LANDWAITER_RETURN_IF_ERROR(header_.Take(bytes));
        parts_.extra = header_.extra();
      }
      if (!bytes.empty()) LANDWAITER_RETURN_IF_ERROR(Inflate(bytes, sink));
    }
    taken_ = end;
    return absl::OkStatus();
  }

  absl::Status Finish(ChunkSink) override {
    if (place_ == Place::kMember) {
      return CorruptLayer("gzip: the data ends in the middle of a member");
    }
    return absl::OkStatus();
  }

 private:
  // kMember from the first byte on: no bytes at all is no gzip.
  enum class Place { kMember, kBetween };

  // Skips padding; enters the next member if there is one.
  absl::Status StartMember(std::string_view& bytes) {
    const size_t zeros = std::min(bytes.find_first_not_of('\0'), bytes.size());
    padded_ = padded_ || zeros > 0;
    bytes.remove_prefix(zeros);
    if (bytes.empty()) return absl::OkStatus();
    if (padded_ || bytes.front() != '\x1f') {
      return CorruptLayer("gzip: there is garbage after the end");
    }
    isal_inflate_reset(&state_);
    state_.crc_flag = ISAL_GZIP_NO_HDR_VER;
    header_ = GzipHeader();
    place_ = Place::kMember;
    return absl::OkStatus();
  }

  // Inflates until `bytes` is used up or the member ends; takes what it used
  // off `bytes`.
  absl::Status Inflate(std::string_view& bytes, ChunkSink sink) {
    const size_t taken = std::min(bytes.size(), size_t{1} << 30);
    state_.next_in =
        const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(bytes.data()));
    state_.avail_in = static_cast<uint32_t>(taken);
    do {
      state_.next_out = output_.get();
      state_.avail_out = kOutput;
      const int code = isal_inflate(&state_);
      if (code != ISAL_DECOMP_OK && code != ISAL_END_INPUT) {
        return Corrupt(code);
      }
      LANDWAITER_RETURN_IF_ERROR(
          sink({reinterpret_cast<const char*>(output_.get()),
                kOutput - state_.avail_out}));
    } while (state_.avail_out == 0 && state_.block_state != ISAL_BLOCK_FINISH);
    bytes.remove_prefix(taken - state_.avail_in);
    if (state_.block_state == ISAL_BLOCK_FINISH) place_ = Place::kBetween;
    return absl::OkStatus();
  }

  StreamParts& parts_;
  uint64_t taken_ = 0;  // compressed bytes before the piece at hand
  GzipHeader header_;
  inflate_state state_;
  std::unique_ptr<uint8_t[]> output_;
  Place place_ = Place::kMember;
  bool padded_ = false;
};

}  // namespace

std::unique_ptr<Inflater> NewGzipInflater(StreamParts& parts) {
  return std::make_unique<GzipInflater>(parts);
}

}  // namespace landwaiter::agent::layer
