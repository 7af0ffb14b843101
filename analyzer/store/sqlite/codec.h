#ifndef LANDWAITER_ANALYZER_STORE_SQLITE_CODEC_H_
#define LANDWAITER_ANALYZER_STORE_SQLITE_CODEC_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/model/image.h"
#include "core/model/task.h"

// How small structures and blobs are written into a column. Reading what the
// store did not write gives DATA_LOSS.
namespace landwaiter::analyzer::store::sqlite {

// A JSON array of strings; bytes that are not UTF-8 are replaced.
std::string EncodeList(const std::vector<std::string>& list);
std::vector<std::string> DecodeList(std::string_view text);

std::string EncodeOs(const model::OsRelease& os);
model::OsRelease DecodeOs(std::string_view text);

std::string EncodeTop(const std::vector<model::TopFinding>& top);
std::vector<model::TopFinding> DecodeTop(std::string_view text);

std::string EncodeFinding(const model::Finding& finding);
absl::StatusOr<model::Finding> DecodeFinding(std::string_view bytes);

std::string EncodeSpec(const model::TaskSpec& spec);
absl::StatusOr<model::TaskSpec> DecodeSpec(std::string_view bytes);

// landwaiter.v1.ImageConfig as JSON; what cannot be read is an empty one.
std::string EncodeConfig(const model::ImageConfig& config);
model::ImageConfig DecodeConfig(std::string_view text);

// zstd, level 3, with a checksum.
std::string Compress(std::string_view bytes);
// `size` is what Compress was given.
absl::StatusOr<std::string> Decompress(std::string_view bytes, uint64_t size);

// A digest that the store wrote; the empty text is the empty digest.
model::Digest ToDigest(const std::string& text);

}  // namespace landwaiter::analyzer::store::sqlite

#endif  // LANDWAITER_ANALYZER_STORE_SQLITE_CODEC_H_
