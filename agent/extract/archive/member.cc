#include "agent/extract/archive/member.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/failure.h"

namespace landwaiter::agent::extract::archive {
namespace {

class StoredMember : public Member {
 public:
  StoredMember(File& file, uint64_t offset, uint64_t size)
      : file_(file), offset_(offset), size_(size) {}

  uint64_t size() const override { return size_; }
  std::string_view damage() const override { return {}; }

  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer,
                                size_t size) override {
    if (offset >= size_) return 0;
    const size_t n = std::min<uint64_t>(size, size_ - offset);
    return file_.ReadAt(offset_ + offset, buffer, n);
  }

 private:
  File& file_;
  const uint64_t offset_;
  const uint64_t size_;
};

class DeflatedMember : public Member {
 public:
  DeflatedMember(File& file, uint64_t offset, uint64_t compressed_size,
                 uint64_t size, Budget& budget)
      : file_(file),
        offset_(offset),
        compressed_size_(compressed_size),
        size_(size),
        budget_(budget) {
    StartOver();
  }

  uint64_t size() const override { return size_; }
  std::string_view damage() const override { return damage_; }

  absl::StatusOr<size_t> ReadAt(uint64_t offset, char* buffer,
                                size_t size) override {
    if (offset >= size_ || size == 0) return 0;
    if (offset < begin_) StartOver();
    while (offset >= begin_ + filled_) {
      LANDWAITER_RETURN_IF_ERROR(Advance());
      if (filled_ == 0) return 0;
    }
    const size_t at = offset - begin_;
    const size_t n = std::min(size, filled_ - at);
    std::memcpy(buffer, output_.data() + at, n);
    return n;
  }

 private:
  void StartOver() {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_DEFLATE;
    taken_ = 0;
    begin_ = 0;
    filled_ = 0;
  }

  // The next piece of output; filled_ is 0 at the end, and if there is damage.
  absl::Status Advance() {
    begin_ += filled_;
    filled_ = 0;
    // One byte too many would show that the size is a lie.
    const uint64_t want =
        std::min<uint64_t>(output_.size(), size_ - begin_ + 1);
    state_.next_out = reinterpret_cast<uint8_t*>(output_.data());
    state_.avail_out = static_cast<uint32_t>(want);
    while (damage_.empty() && state_.avail_out > 0 &&
           state_.block_state != ISAL_BLOCK_FINISH) {
      if (state_.avail_in == 0) LANDWAITER_RETURN_IF_ERROR(Refill());
      const uint32_t in = state_.avail_in;
      const uint32_t out = state_.avail_out;
      const int code = isal_inflate(&state_);
      if (code != ISAL_DECOMP_OK && code != ISAL_END_INPUT) {
        damage_ = "the compressed data is invalid";
      } else if (state_.avail_in == in && state_.avail_out == out &&
                 taken_ == compressed_size_) {
        damage_ = "the compressed data is cut";
      }
    }
    return Settle(want - state_.avail_out);
  }

  absl::Status Settle(uint64_t produced) {
    if (produced > size_ - begin_) {
      damage_ = "it has more bytes than the archive says";
      produced = size_ - begin_;
    } else if (produced == 0 && damage_.empty()) {
      damage_ = "it has fewer bytes than the archive says";
    }
    if (!budget_.Spend(produced)) {
      damage_ = "archives within the file inflate to too many bytes";
      produced = 0;
    }
    filled_ = produced;
    return absl::OkStatus();
  }

  absl::Status Refill() {
    const uint64_t want =
        std::min<uint64_t>(input_.size(), compressed_size_ - taken_);
    LANDWAITER_ASSIGN_OR_RETURN(
        const size_t n, file_.ReadAt(offset_ + taken_, input_.data(), want));
    // The file around it may end early too.
    taken_ = n == 0 ? compressed_size_ : taken_ + n;
    state_.next_in = reinterpret_cast<uint8_t*>(input_.data());
    state_.avail_in = static_cast<uint32_t>(n);
    return absl::OkStatus();
  }

  File& file_;
  const uint64_t offset_;
  const uint64_t compressed_size_;
  const uint64_t size_;
  Budget& budget_;
  std::string_view damage_;
  inflate_state state_;
  uint64_t taken_ = 0;  // compressed bytes read
  uint64_t begin_ = 0;  // where in the member output_ begins
  size_t filled_ = 0;   // bytes in output_
  std::array<char, size_t{16} << 10> input_;
  std::array<char, size_t{64} << 10> output_;
};

}  // namespace

std::unique_ptr<Member> NewStoredMember(File& file, uint64_t offset,
                                        uint64_t size) {
  return std::make_unique<StoredMember>(file, offset, size);
}

std::unique_ptr<Member> NewDeflatedMember(File& file, uint64_t offset,
                                          uint64_t compressed_size,
                                          uint64_t size, Budget& budget) {
  return std::make_unique<DeflatedMember>(file, offset, compressed_size, size,
                                          budget);
}

}  // namespace landwaiter::agent::extract::archive
