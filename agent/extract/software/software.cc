#include "agent/extract/software/software.h"

#include <utility>
#include <vector>

#include "agent/extract/elf/elf.h"
#include "agent/extract/package_list.h"
#include "agent/extract/software/release_files.h"
#include "agent/extract/software/signatures.h"
#include "agent/extract/software/version_search.h"
#include "core/base/failure.h"

namespace landwaiter::agent::extract::software {

bool Software::Wants(std::string_view path) const {
  return ReleaseReaderFor(path) != nullptr;
}

bool Software::WantsContent(const Candidate& file) const {
  return elf::IsProgram(file.head) && HasSignature(file.path);
}

absl::StatusOr<model::FileExtract> Software::Extract(std::string_view path,
                                                     File& file) const {
  PackageList list;
  if (const ReleaseReader read = ReleaseReaderFor(path)) {
    LANDWAITER_RETURN_IF_ERROR(read(file, list));
    return std::move(list).Finish();
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<Found> found,
                              FindVersions(file, path, SignaturesFor(path)));
  for (const Found& each : found) {
    LANDWAITER_RETURN_IF_ERROR(
        list.Add(Product(each.product, each.version), each.product));
  }
  return std::move(list).Finish();
}

}  // namespace landwaiter::agent::extract::software
