// A zip archive: its members, by their entries in the directory, cost no more
// than the budget and are what their checksums say.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/extract/archive/zip.h"

namespace {

namespace archive = landwaiter::agent::extract::archive;
namespace extract = landwaiter::agent::extract;

constexpr uint64_t kMember = uint64_t{1} << 20;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  extract::MemoryFile file(bytes);
  extract::Problems problems;
  auto zip = archive::Zip::Open(file, problems);
  if (!zip.ok()) std::abort();  // memory can be read
  if (!zip->has_value()) return 0;
  archive::Budget budget(8 * kMember);
  uint64_t read = 0;
  const absl::Status status =
      (*zip)->ForEach([&](const archive::ZipEntry& entry) -> absl::Status {
        if (entry.name.size() > archive::kMaxZipName) std::abort();
        const auto content = (*zip)->ReadMember(entry, kMember, budget);
        if (!content.ok()) return content.status();
        if (!content->has_value()) return absl::OkStatus();
        if ((*content)->size() > kMember) std::abort();
        if ((*content)->size() != entry.size) std::abort();
        read += (*content)->size();
        return absl::OkStatus();
      });
  if (!status.ok()) std::abort();
  // Stored members are the file's own bytes.
  if (read > 8 * kMember + size) std::abort();
  return 0;
}
