#ifndef LANDWAITER_AGENT_LAYER_STREAM_PARTS_H_
#define LANDWAITER_AGENT_LAYER_STREAM_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace landwaiter::agent::layer {

// What a compressed stream tells of itself beside its content, for who looks
// for a table of contents (table_of_contents.h). Bounded, whatever the stream
// holds.
struct StreamParts {
  // gzip: where in the compressed bytes the member at hand begins, and the
  // extra field of its header, up to this much of it.
  static constexpr size_t kMaxExtra = 64;
  uint64_t member = 0;
  std::string extra;

  // zstd: the last skippable frames (RFC 8878, 3.1.2). Their payloads are kept
  // while all of them together fit into kMaxPayloads, and small ones always.
  struct Skippable {
    uint64_t offset = 0;  // of the payload, in the compressed bytes
    uint64_t size = 0;    // of the payload
    std::string payload;  // empty if it is not kept
  };
  static constexpr size_t kMaxSkippable = 8;
  static constexpr size_t kMaxPayloads = size_t{6} << 20;
  static constexpr size_t kSmallPayload = 128;
  std::deque<Skippable> skippable;
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_STREAM_PARTS_H_
