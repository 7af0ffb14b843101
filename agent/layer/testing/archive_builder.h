#ifndef LANDWAITER_AGENT_LAYER_TESTING_ARCHIVE_BUILDER_H_
#define LANDWAITER_AGENT_LAYER_TESTING_ARCHIVE_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace landwaiter::agent::layer::testing {

// Writes tar archives byte by byte, well-formed or not, for tests and
// benchmarks. Methods append an entry and return the builder.
class ArchiveBuilder {
 public:
  ArchiveBuilder& File(std::string_view path, std::string_view content);
  ArchiveBuilder& Directory(std::string_view path);
  ArchiveBuilder& Symlink(std::string_view path, std::string_view target);
  ArchiveBuilder& HardLink(std::string_view path, std::string_view target);
  // GNU: the next entry's name.
  ArchiveBuilder& LongName(std::string_view name);
  ArchiveBuilder& LongLink(std::string_view link);
  // pax: records for the next entry, or (type 'g') for all.
  ArchiveBuilder& Pax(
      const std::vector<std::pair<std::string, std::string>>& records,
      char type = 'x');
  // A header block with any size field, and no content.
  ArchiveBuilder& Header(char type, std::string_view path, uint64_t size,
                         std::string_view link = {});
  ArchiveBuilder& Bytes(std::string_view bytes);
  // Fills up the last block.
  ArchiveBuilder& Pad();
  // The archive so far, without an end marker.
  const std::string& bytes() const { return bytes_; }
  // The archive with its end marker.
  std::string Finish() const;

 private:
  std::string bytes_;
};

// One header block, its checksum right. `magic` is of 8 bytes.
std::string TarHeaderBlock(char type, std::string_view path, uint64_t size,
                           std::string_view link = {},
                           std::string_view magic = {"ustar\00000", 8});
// Corrects the checksum of a block after a change.
void FixChecksum(std::string& block);

// One gzip member, one zstd frame.
std::string Gzip(std::string_view bytes);
std::string Zstd(std::string_view bytes, int window_log = 0);

}  // namespace landwaiter::agent::layer::testing

#endif  // LANDWAITER_AGENT_LAYER_TESTING_ARCHIVE_BUILDER_H_
