#include "core/text/byte_reader.h"

namespace landwaiter::text {
namespace {

constexpr size_t kBlock = size_t{64} * 1024;

}  // namespace

ByteReader::ByteReader(base::File& file) : file_(file) {
  if (Fill() && block_.starts_with("\xEF\xBB\xBF")) position_ = 3;
}

bool ByteReader::Fill() {
  if (!status_.ok()) return false;
  block_offset_ += block_.size();
  position_ = 0;
  block_.resize(kBlock);
  const auto read = file_.ReadAt(block_offset_, block_.data(), block_.size());
  if (!read.ok()) status_ = read.status();
  block_.resize(read.ok() ? *read : 0);
  return !block_.empty();
}

}  // namespace landwaiter::text
