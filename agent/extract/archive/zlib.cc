#include "agent/extract/archive/zlib.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace landwaiter::agent::extract::archive {

std::optional<std::string> InflateZlib(std::string_view bytes, size_t limit) {
  constexpr size_t kStep = size_t{64} << 10;
  if (bytes.size() > std::numeric_limits<uint32_t>::max()) return std::nullopt;
  const auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  state->crc_flag = ISAL_ZLIB;
  state->next_in =
      const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(bytes.data()));
  state->avail_in = static_cast<uint32_t>(bytes.size());
  std::string output;
  while (state->block_state != ISAL_BLOCK_FINISH) {
    const size_t done = output.size();
    // One byte too many shows that the limit is passed.
    const size_t room = std::min(kStep, limit + 1 - done);
    output.resize(done + room);
    state->next_out = reinterpret_cast<uint8_t*>(output.data() + done);
    state->avail_out = static_cast<uint32_t>(room);
    const int code = isal_inflate(state.get());
    output.resize(done + room - state->avail_out);
    if (code != ISAL_DECOMP_OK) return std::nullopt;
    if (output.size() > limit || output.size() == done) break;
  }
  if (output.size() > limit || state->block_state != ISAL_BLOCK_FINISH) {
    return std::nullopt;
  }
  return output;
}

}  // namespace landwaiter::agent::extract::archive
