#ifndef LANDWAITER_AGENT_EXTRACT_ARCHIVE_TESTING_ZIP_BUILDER_H_
#define LANDWAITER_AGENT_EXTRACT_ARCHIVE_TESTING_ZIP_BUILDER_H_

#include <cstdint>
#include <string>
#include <string_view>

// Zip archives made in a test.
namespace landwaiter::agent::extract::archive::testing {

// RFC 1951, by ISA-L.
std::string Deflate(std::string_view bytes);

// RFC 1950.
std::string Zlib(std::string_view bytes);

class ZipBuilder {
 public:
  ZipBuilder& Store(std::string_view name, std::string_view content);
  ZipBuilder& Deflated(std::string_view name, std::string_view content);
  // Sizes and offset go into zip64's field.
  ZipBuilder& Wide(std::string_view name, std::string_view content);
  // One more entry in the directory for the member added last.
  ZipBuilder& Again(std::string_view name);

  std::string Build() const;
  // With zip64's end records.
  std::string BuildWide() const;

 private:
  struct Last {
    uint16_t method = 0;
    uint32_t crc = 0;
    uint64_t compressed_size = 0;
    uint64_t size = 0;
    uint64_t offset = 0;
  };
  ZipBuilder& Add(std::string_view name, std::string_view content,
                  uint16_t method, bool wide);
  void AddEntry(std::string_view name, bool wide);

  std::string members_;
  std::string directory_;
  uint64_t entries_ = 0;
  Last last_;
};

}  // namespace landwaiter::agent::extract::archive::testing

#endif  // LANDWAITER_AGENT_EXTRACT_ARCHIVE_TESTING_ZIP_BUILDER_H_
