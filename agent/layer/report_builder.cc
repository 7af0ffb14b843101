#include "agent/layer/report_builder.h"

#include <algorithm>

#include "agent/layer/path.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

uint64_t SizeOf(const model::FileExtract& extract) {
  uint64_t size = sizeof(extract) + extract.path.size() +
                  extract.problem.size() + extract.packages.MemoryBytes();
  for (const std::string& path : extract.owned_files) {
    size += sizeof(std::string) + path.size();
  }
  return size;
}

}  // namespace

ReportBuilder::ReportBuilder(const Limits& limits,
                             const std::vector<std::string_view>& well_known)
    : limits_(limits) {
  for (std::string_view path : well_known) {
    const bool directory = path.ends_with('/');
    if (directory) path.remove_suffix(1);
    well_known_.try_emplace(std::string(path), directory ? WellKnown::kDirectory
                                                         : WellKnown::kFile);
    for (size_t slash = path.rfind('/'); slash != path.npos;
         slash = path.rfind('/')) {
      path = path.substr(0, slash);
      well_known_.insert_or_assign(std::string(path), WellKnown::kDirectory);
    }
  }
}

absl::Status ReportBuilder::AddEntry(TarEntry::Type type, std::string_view path,
                                     std::string_view link) {
  const bool directory = type == TarEntry::Type::kDirectory;
  if (!extracts_.empty()) Forget(path, /*below=*/!directory);
  const auto known = well_known_.find(base::ToAbsl(path));
  if (known == well_known_.end()) return absl::OkStatus();
  std::string key(path);
  links_.erase(key);
  const bool file =
      type == TarEntry::Type::kFile || type == TarEntry::Type::kHardLink;
  if (known->second == WellKnown::kFile ? file : directory) {
    // A regular file replaces what lower layers had by itself. A directory
    // does not bring back what an earlier entry hid.
    if (file) obstructions_.erase(key);
    return absl::OkStatus();
  }
  if (type == TarEntry::Type::kSymlink) {
    std::string target = LinkTarget(path, link);
    if (!target.empty()) links_.insert_or_assign(key, std::move(target));
  }
  obstructions_.insert(std::move(key));
  return absl::OkStatus();
}

absl::Status ReportBuilder::AddWhiteout(std::string_view path, bool opaque) {
  LANDWAITER_RETURN_IF_ERROR(Charge(sizeof(model::Whiteout) + path.size()));
  whiteouts_.push_back({std::string(path), opaque});
  return absl::OkStatus();
}

absl::Status ReportBuilder::AddExtract(model::FileExtract extract) {
  LANDWAITER_RETURN_IF_ERROR(Charge(SizeOf(extract)));
  std::pair<std::string, std::string> key(extract.path, extract.extractor);
  extracts_.insert_or_assign(std::move(key), std::move(extract));
  return absl::OkStatus();
}

const model::FileExtract* ReportBuilder::FindExtract(
    std::string_view path, std::string_view extractor) const {
  const auto found =
      extracts_.find(std::pair(std::string(path), std::string(extractor)));
  return found == extracts_.end() ? nullptr : &found->second;
}

model::LayerReport ReportBuilder::Build() {
  model::LayerReport report;
  report.extracts.reserve(extracts_.size());
  while (!extracts_.empty()) {
    report.extracts.push_back(
        std::move(extracts_.extract(extracts_.begin()).mapped()));
  }
  std::sort(whiteouts_.begin(), whiteouts_.end());
  whiteouts_.erase(std::unique(whiteouts_.begin(), whiteouts_.end()),
                   whiteouts_.end());
  report.whiteouts = std::move(whiteouts_);
  report.obstructions.assign(obstructions_.begin(), obstructions_.end());
  for (const auto& [path, target] : links_) {
    report.links.push_back({path, target});
  }
  return report;
}

void ReportBuilder::Forget(std::string_view path, bool below) {
  const auto erase_from = [this](const std::string& first, auto matches) {
    auto at = extracts_.lower_bound({first, {}});
    while (at != extracts_.end() && matches(at->first.first)) {
      charged_ -= SizeOf(at->second);
      at = extracts_.erase(at);
    }
  };
  erase_from(std::string(path),
             [&](const std::string& at) { return at == path; });
  if (!below) return;
  const std::string parent = base::StrCat(path, "/");
  erase_from(parent,
             [&](const std::string& at) { return at.starts_with(parent); });
}

absl::Status ReportBuilder::Charge(uint64_t bytes) {
  charged_ += bytes;
  if (charged_ <= limits_.report_bytes) return absl::OkStatus();
  return LimitExceeded("reportSize", "what the layer's report would hold",
                       limits_.report_bytes);
}

}  // namespace landwaiter::agent::layer
