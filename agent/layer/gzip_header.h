#ifndef LANDWAITER_AGENT_LAYER_GZIP_HEADER_H_
#define LANDWAITER_AGENT_LAYER_GZIP_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace landwaiter::agent::layer {

// Reads past the header of a gzip member (RFC 1952, 2.3) that arrives in
// pieces of any size. ISA-L 2.30 loses its place when a header with optional
// fields is split between two calls, so it is given the deflate data alone.
class GzipHeader {
 public:
  // Takes the header's bytes off the front of `bytes`. CorruptLayer if it is
  // not one.
  absl::Status Take(std::string_view& bytes);
  // The extra field, up to StreamParts::kMaxExtra bytes of it.
  const std::string& extra() const { return extra_; }
  bool done() const { return field_ == Field::kDone; }

 private:
  enum class Field {
    kFixed,
    kExtraSize,
    kExtra,
    kName,
    kComment,
    kChecksum,
    kDone,
  };

  absl::Status TakeByte(uint8_t byte);
  absl::Status TakeFixed(uint8_t byte);
  // Goes on to the first field from `field` on that the flags announce.
  void Enter(Field field);

  Field field_ = Field::kFixed;
  size_t at_ = 0;  // within the field
  size_t extra_size_ = 0;
  std::string extra_;
  uint8_t flags_ = 0;
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_GZIP_HEADER_H_
