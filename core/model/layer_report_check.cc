#include "core/model/layer_report_check.h"

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::model {
namespace {

constexpr size_t kMaxPath = 4096;

absl::Status Broken(std::string_view rule, std::string_view value = {}) {
  return absl::InvalidArgumentError(base::StrCat("layer report: ", rule,
                                                 value.empty() ? "" : ": ",
                                                 base::Printable(value)));
}

// Whether `list` strictly ascends by `key`.
template <typename List, typename Key>
bool Ascends(const List& list, Key key) {
  return std::adjacent_find(list.begin(), list.end(),
                            [&](const auto& a, const auto& b) {
                              return !(key(a) < key(b));
                            }) == list.end();
}

absl::Status CheckExtract(const FileExtract& extract) {
  if (!IsCleanPath(extract.path)) {
    return Broken("the path of an extract is not clean", extract.path);
  }
  if (extract.extractor.empty()) return Broken("an extract has no extractor");
  if (!extract.packages.IsSorted()) {
    return Broken("packages are not sorted", extract.path);
  }
  for (const Package& package : extract.packages) {
    if (package.type.empty() || package.name.empty()) {
      return Broken("a package has no type or no name", extract.path);
    }
  }
  for (const std::string& path : extract.owned_files) {
    if (!IsCleanPath(path)) return Broken("an owned file is not clean", path);
  }
  if (!std::is_sorted(extract.owned_files.begin(), extract.owned_files.end())) {
    return Broken("owned files are not sorted", extract.path);
  }
  return absl::OkStatus();
}

}  // namespace

bool IsCleanPath(std::string_view path) {
  if (path.empty() || path.size() > kMaxPath || path.find('\0') != path.npos) {
    return false;
  }
  for (std::string_view part : base::Split(path, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

absl::Status CheckLayerReport(const LayerReport& report) {
  if (report.blob_digest.empty()) return Broken("there is no blob digest");
  if (report.diff_id.empty()) return Broken("there is no diffID");
  for (const FileExtract& extract : report.extracts) {
    LANDWAITER_RETURN_IF_ERROR(CheckExtract(extract));
  }
  for (const Whiteout& whiteout : report.whiteouts) {
    // An opaque whiteout in the layer's root empties the image: its path is
    // the root, written as an empty path.
    const bool root = whiteout.opaque && whiteout.path.empty();
    if (!root && !IsCleanPath(whiteout.path)) {
      return Broken("the path of a whiteout is not clean", whiteout.path);
    }
  }
  for (const std::string& path : report.obstructions) {
    if (!IsCleanPath(path)) return Broken("an obstruction is not clean", path);
  }
  for (const LayerReport::Link& link : report.links) {
    if (!IsCleanPath(link.path))
      return Broken("a link is not clean", link.path);
  }
  if (report.files.size > kMaxFileListBytes ||
      report.files.zstd.size() > kMaxFileListBytes * 2) {
    return Broken("the list of files is too long");
  }
  const auto itself = [](const auto& value) -> const auto& { return value; };
  const auto path = [](const auto& value) -> const auto& { return value.path; };
  const auto by_extractor = [](const FileExtract& e) {
    return std::pair<std::string_view, std::string_view>(e.path, e.extractor);
  };
  if (!Ascends(report.extracts, by_extractor) ||
      !Ascends(report.whiteouts, itself) ||
      !Ascends(report.obstructions, itself) || !Ascends(report.links, path)) {
    return Broken("a list is not sorted or has duplicates");
  }
  return absl::OkStatus();
}

}  // namespace landwaiter::model
