#include "core/merge/file_lists.h"

#include "core/base/strings.h"
#include "core/file_list/reader.h"

namespace landwaiter::merge {

std::string ForEachFile(const model::LayerReport& layer,
                        absl::FunctionRef<void(const file_list::Entry&)> take) {
  const model::LayerReport::Files& files = layer.files;
  if (files == model::LayerReport::Files()) return "";
  const absl::Status status =
      file_list::Read(files.zstd, files.sha256, model::kMaxFileListBytes,
                      [&take](const file_list::Entry& entry) {
                        take(entry);
                        return absl::OkStatus();
                      });
  const std::string name = base::StrCat("layer ", layer.blob_digest.text());
  if (!status.ok()) {
    return base::StrCat(name, ": ", base::ToStd(status.message()));
  }
  if (!files.cut) return "";
  return base::StrCat(name, ": its list of files ends after ", files.count,
                      " entries: what the others hide of lower layers is told "
                      "nevertheless");
}

}  // namespace landwaiter::merge
