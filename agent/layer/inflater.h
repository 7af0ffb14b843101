#ifndef LANDWAITER_AGENT_LAYER_INFLATER_H_
#define LANDWAITER_AGENT_LAYER_INFLATER_H_

#include <memory>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "agent/layer/limits.h"
#include "agent/layer/stream_parts.h"

namespace landwaiter::agent::layer {

// Takes a stage's output, piece by piece and in order. The bytes are valid
// during the call. A status that is not OK ends the stream.
using ChunkSink = absl::FunctionRef<absl::Status(std::string_view)>;

// Turns compressed bytes, pushed in pieces of any size, into inflated ones.
// Memory is bounded by the format's window. After an error the object is
// spent.
class Inflater {
 public:
  virtual ~Inflater() = default;
  // CorruptLayer, LimitExceeded (zstdWindow), UnsupportedMedia, or what `sink`
  // returned.
  virtual absl::Status Push(std::string_view bytes, ChunkSink sink) = 0;
  // There are no more bytes: CorruptLayer if some are missing.
  virtual absl::Status Finish(ChunkSink sink) = 0;
};

// RFC 1952 on ISA-L: any number of members, then zero padding. Checksums are
// verified. `parts`, which it fills in, must outlive the inflater.
std::unique_ptr<Inflater> NewGzipInflater(StreamParts& parts);
// RFC 8878 on libzstd: any number of frames, skippable ones too.
std::unique_ptr<Inflater> NewZstdInflater(const Limits& limits,
                                          StreamParts& parts);

// Decides by the first bytes, not by the media type's word: gzip, zstd, or no
// compression. Other known compressions are UnsupportedMedia.
std::unique_ptr<Inflater> NewSniffingInflater(const Limits& limits,
                                              StreamParts* parts = nullptr);

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_INFLATER_H_
