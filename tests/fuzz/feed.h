#ifndef LANDWAITER_TESTS_FUZZ_FEED_H_
#define LANDWAITER_TESTS_FUZZ_FEED_H_

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>

#include "analyzer/advisory/catalog.h"
#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/testing.h"

// For the fuzz targets of feed formats.
namespace landwaiter::fuzz {

// Reads the bytes as a file of this name, by each of the formats: what they
// give to the sink has an id and entries that a database can hold.
inline void ReadFeeds(std::initializer_list<std::string_view> formats,
                      const std::string& file_name, const uint8_t* data,
                      size_t size) {
  using namespace analyzer::advisory;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string_view name : formats) {
    const FeedFormat* format = FindFeedFormat(name);
    if (format == nullptr) std::abort();
    TextFile file(file_name, bytes, 61);
    KeptRecords kept;
    const auto reader = format->NewReader();
    if (reader->Read(file, kept).ok()) (void)reader->Finish(kept);
    for (const Advisory& advisory : kept.advisories) {
      if (advisory.details.id.empty()) std::abort();
      for (const Affected& entry : advisory.affected) {
        const std::string key = entry.ecosystem + entry.package;
        if (entry.ecosystem.empty() || entry.package.empty() ||
            key.size() > 400 || key.find('\0') != key.npos ||
            !DecodeAffected(EncodeAffected(1, entry))) {
          std::abort();
        }
      }
    }
  }
}

}  // namespace landwaiter::fuzz

#endif  // LANDWAITER_TESTS_FUZZ_FEED_H_
