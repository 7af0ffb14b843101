#include "agent/source/tar_index.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "absl/strings/string_view.h"
#include "agent/layer/path.h"
#include "agent/layer/tar_header.h"
#include "agent/layer/tar_reader.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

absl::Status NotWhole(absl::string_view why) {
  return base::Failure(base::FailureCode::kUnsupportedMedia,
                       base::StrCat("the file is not a whole tar archive",
                                    why.empty() ? "" : ": ", why));
}

// Notes files and links. A path that climbs out of the archive is nobody's.
class Indexer : public layer::TarVisitor {
 public:
  absl::StatusOr<bool> OnEntry(const layer::TarEntry& entry) override {
    std::string scratch;
    const auto path = layer::CleanPath(entry.path, scratch);
    if (!path) return false;
    switch (entry.type) {
      case layer::TarEntry::Type::kFile:
        links_.erase(std::string(*path));
        if (!entry.sparse) AddFile(std::string(*path), entry.size);
        break;
      case layer::TarEntry::Type::kSymlink:
        links_[std::string(*path)] = layer::LinkTarget(*path, entry.link);
        break;
      case layer::TarEntry::Type::kHardLink: {
        std::string link_scratch;
        const auto target = layer::CleanPath(entry.link, link_scratch);
        if (target) links_[std::string(*path)] = std::string(*target);
        break;
      }
      default:
        break;
    }
    return false;
  }
  absl::Status OnContent(std::string_view) override { return absl::OkStatus(); }
  absl::Status OnContentEnd() override { return absl::OkStatus(); }

  // Where the content of an entry that the next block tells of would begin.
  void SetContentOffset(uint64_t offset) { content_offset_ = offset; }

  TarIndex Take() {
    TarIndex linked;
    for (const auto& [path, target] : links_) {
      const auto found = index_.find(target);
      if (found == index_.end()) continue;
      TarEntry entry = found->second;
      // A link that stands where a file stood.
      entry.repeated = entry.repeated || index_.contains(path);
      linked.insert_or_assign(path, entry);
    }
    for (auto& [path, entry] : linked) index_.insert_or_assign(path, entry);
    return std::move(index_);
  }

 private:
  void AddFile(std::string path, uint64_t size) {
    const auto [place, added] = index_.try_emplace(std::move(path));
    place->second = {content_offset_, size, !added};
  }

  uint64_t content_offset_ = 0;
  TarIndex index_;
  std::map<std::string, std::string> links_;  // path to target
};

}  // namespace

absl::StatusOr<TarIndex> IndexTar(const LocalFile& file, size_t max_entries) {
  Indexer indexer;
  layer::Limits limits;
  limits.entries = max_entries;
  layer::TarReader reader(limits, indexer);
  std::array<char, layer::kTarBlock> block;
  for (uint64_t at = 0; at < file.size();) {
    const size_t n = std::min<uint64_t>(block.size(), file.size() - at);
    LANDWAITER_RETURN_IF_ERROR(file.ReadExactly(at, block.data(), n));
    at += n;
    indexer.SetContentOffset(at);
    const absl::Status status = reader.Push(std::string_view(block.data(), n));
    if (!status.ok()) {
      return base::FailureCodeOf(status) == base::FailureCode::kLimitExceeded
                 ? status
                 : NotWhole(status.message());
    }
    // Content, then padding.
    while (const uint64_t n_skipped =
               std::min(reader.Skippable(), file.size() - at)) {
      LANDWAITER_RETURN_IF_ERROR(reader.Skip(n_skipped));
      at += n_skipped;
    }
  }
  if (const absl::Status status = reader.Finish(); !status.ok()) {
    return NotWhole(status.message());
  }
  TarIndex index = indexer.Take();
  if (index.empty()) return NotWhole("it holds no file");
  return index;
}

}  // namespace landwaiter::agent::source
