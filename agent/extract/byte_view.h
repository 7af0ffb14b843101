#ifndef LANDWAITER_AGENT_EXTRACT_BYTE_VIEW_H_
#define LANDWAITER_AGENT_EXTRACT_BYTE_VIEW_H_

#include <bit>
#include <cstdint>
#include <string_view>

namespace landwaiter::agent::extract {

// Numbers and pieces out of hostile bytes. What would lie past the end reads
// as zero, or is cut off: nothing ever leaves the view, and a reader checks
// the sizes where a zero would mean something.
class ByteView {
 public:
  ByteView(std::string_view bytes, std::endian order)
      : bytes_(bytes), order_(order) {}

  size_t size() const { return bytes_.size(); }
  uint8_t U8(uint64_t offset) const {
    return offset < bytes_.size() ? static_cast<uint8_t>(bytes_[offset]) : 0;
  }
  uint16_t U16(uint64_t offset) const {
    return static_cast<uint16_t>(Number(offset, 2));
  }
  uint32_t U32(uint64_t offset) const {
    return static_cast<uint32_t>(Number(offset, 4));
  }
  uint64_t U64(uint64_t offset) const { return Number(offset, 8); }
  // At most `size` bytes from `offset`.
  std::string_view Piece(uint64_t offset, uint64_t size) const {
    if (offset >= bytes_.size()) return {};
    return bytes_.substr(offset, size);
  }

 private:
  uint64_t Number(uint64_t offset, int size) const {
    uint64_t number = 0;
    for (int i = 0; i < size; ++i) {
      const int place = order_ == std::endian::big ? i : size - 1 - i;
      number = number << 8 | U8(offset + place);
    }
    return number;
  }

  std::string_view bytes_;
  std::endian order_;
};

}  // namespace landwaiter::agent::extract

#endif  // LANDWAITER_AGENT_EXTRACT_BYTE_VIEW_H_
