#include "agent/layer/gzip_header.h"

#include "agent/layer/limits.h"
#include "agent/layer/stream_parts.h"
#include "core/base/failure.h"

namespace landwaiter::agent::layer {
namespace {

constexpr size_t kFixedSize = 10;
constexpr uint8_t kHasChecksum = 2;
constexpr uint8_t kHasExtra = 4;
constexpr uint8_t kHasName = 8;
constexpr uint8_t kHasComment = 16;
constexpr uint8_t kReserved = 0xe0;

}  // namespace

absl::Status GzipHeader::Take(std::string_view& bytes) {
  while (!bytes.empty() && !done()) {
    LANDWAITER_RETURN_IF_ERROR(TakeByte(static_cast<uint8_t>(bytes.front())));
    bytes.remove_prefix(1);
  }
  return absl::OkStatus();
}

absl::Status GzipHeader::TakeByte(uint8_t byte) {
  switch (field_) {
    case Field::kFixed:
      return TakeFixed(byte);
    case Field::kExtraSize:
      extra_size_ |= size_t{byte} << (8 * at_++);
      if (at_ == 2) Enter(Field::kExtra);
      break;
    case Field::kExtra:
      if (extra_.size() < StreamParts::kMaxExtra) {
        extra_ += static_cast<char>(byte);
      }
      if (++at_ == extra_size_) Enter(Field::kName);
      break;
    case Field::kName:
      if (byte == 0) Enter(Field::kComment);
      break;
    case Field::kComment:
      if (byte == 0) Enter(Field::kChecksum);
      break;
    case Field::kChecksum:
      // Covers only the header, which nothing depends on.
      if (++at_ == 2) Enter(Field::kDone);
      break;
    case Field::kDone:
      break;
  }
  return absl::OkStatus();
}

absl::Status GzipHeader::TakeFixed(uint8_t byte) {
  constexpr uint8_t kMagic[] = {0x1f, 0x8b, 8};  // 8: deflate
  if (at_ < sizeof(kMagic) && byte != kMagic[at_]) {
    return CorruptLayer("gzip: the header of a member is invalid");
  }
  if (at_ == 3) {
    if ((byte & kReserved) != 0) {
      return CorruptLayer("gzip: a header has unknown flags");
    }
    flags_ = byte;
  }
  if (++at_ == kFixedSize) Enter(Field::kExtraSize);
  return absl::OkStatus();
}

void GzipHeader::Enter(Field field) {
  at_ = 0;
  field_ = field;
  if (field_ == Field::kExtraSize && (flags_ & kHasExtra) == 0) {
    field_ = Field::kName;
  }
  if (field_ == Field::kExtra && extra_size_ == 0) field_ = Field::kName;
  if (field_ == Field::kName && (flags_ & kHasName) == 0) {
    field_ = Field::kComment;
  }
  if (field_ == Field::kComment && (flags_ & kHasComment) == 0) {
    field_ = Field::kChecksum;
  }
  if (field_ == Field::kChecksum && (flags_ & kHasChecksum) == 0) {
    field_ = Field::kDone;
  }
}

}  // namespace landwaiter::agent::layer
