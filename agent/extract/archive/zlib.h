#ifndef LANDWAITER_AGENT_EXTRACT_ARCHIVE_ZLIB_H_
#define LANDWAITER_AGENT_EXTRACT_ARCHIVE_ZLIB_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace landwaiter::agent::extract::archive {

// RFC 1950, its checksum compared. nullopt if `bytes` is not that, or if it
// has more than `limit` bytes inflated.
std::optional<std::string> InflateZlib(std::string_view bytes, size_t limit);

}  // namespace landwaiter::agent::extract::archive

#endif  // LANDWAITER_AGENT_EXTRACT_ARCHIVE_ZLIB_H_
