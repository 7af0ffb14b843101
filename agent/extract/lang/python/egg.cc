#include "agent/extract/lang/python/egg.h"

#include <optional>
#include <string>
#include <utility>

#include "agent/extract/archive/zip.h"
#include "agent/extract/lang/python/metadata.h"
#include "core/base/failure.h"

namespace landwaiter::agent::extract::lang {
namespace {

constexpr uint64_t kMaxMetadata = uint64_t{1} << 20;

}  // namespace

absl::Status ReadEgg(std::string_view path, File& file, PackageList& packages) {
  LANDWAITER_ASSIGN_OR_RETURN(std::optional<archive::Zip> zip,
                              archive::Zip::Open(file, packages.problems()));
  // Other files are called so, too.
  if (!zip.has_value()) return absl::OkStatus();
  std::optional<archive::ZipEntry> metadata;
  LANDWAITER_RETURN_IF_ERROR(zip->ForEach([&](archive::ZipEntry entry) {
    if (entry.name == "EGG-INFO/PKG-INFO") metadata = std::move(entry);
    return absl::OkStatus();
  }));
  if (!metadata.has_value()) return absl::OkStatus();
  archive::Budget budget = archive::Budget::ForFileOf(file.size());
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<std::string> text,
                              zip->ReadMember(*metadata, kMaxMetadata, budget));
  if (!text.has_value()) return absl::OkStatus();
  MemoryFile member(*text);
  return ReadMetadata(path, member, packages);
}

}  // namespace landwaiter::agent::extract::lang
