#ifndef LANDWAITER_AGENT_LAYER_TABLE_OF_CONTENTS_H_
#define LANDWAITER_AGENT_LAYER_TABLE_OF_CONTENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/extract/file.h"
#include "agent/layer/entry_sum.h"
#include "agent/layer/stream_parts.h"

namespace landwaiter::agent::layer {

// Some layers carry a table of their contents, so that a runtime can start
// before it has pulled them: eStargz (stargz-snapshotter, docs/estargz.md) and
// zstd:chunked (containers/storage, docs/containers-storage-zstd-chunked.md).
// Such a runtime believes the table. What is scanned is the stream; a table
// that tells something else would hide files from the scan.

// eStargz: the table is this entry of the archive, the first one in its gzip
// member, and the last member's header tells where that one begins.
inline constexpr std::string_view kStargzTable = "stargz.index.json";
// What the extra field of the last member says; nullopt if it is no footer.
std::optional<uint64_t> StargzFooter(std::string_view extra);

// zstd:chunked: the table is the payload of a skippable frame, compressed; the
// last skippable frame tells where.
struct ChunkedFooter {
  uint64_t offset = 0;  // of the table in the compressed bytes
  uint64_t size = 0;
  uint64_t inflated = 0;
};
// nullopt if the payload of a frame is no footer.
std::optional<ChunkedFooter> ReadChunkedFooter(std::string_view payload);
// The frame that the footer means; nullptr if there is none, or it was not
// kept.
const StreamParts::Skippable* FindTable(const StreamParts& parts,
                                        const ChunkedFooter& footer);

// Adds the entries of a table, whose JSON is the same in both formats, to
// `sum`, as EntrySum takes those of a stream. Returns what is wrong with the
// table itself, for people; "" if nothing. Errors are the file's.
absl::StatusOr<std::string> ReadTable(extract::File& file, EntrySum& sum);

// Whether an entry's name is a whiteout's; then its content does not count.
bool IsHidden(std::string_view path);

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_TABLE_OF_CONTENTS_H_
