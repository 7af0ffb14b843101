#include "core/merge/files.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/hex.h"
#include "core/base/strings.h"
#include "core/file_list/elf.h"
#include "core/merge/file_lists.h"

namespace landwaiter::merge {
namespace {

using file_list::Entry;
using file_list::Kind;

// By path.
using Files = std::map<std::string, model::File, std::less<>>;

void RemoveBelow(std::string_view path, Files& files) {
  const std::string prefix = path.empty() ? "" : base::StrCat(path, "/");
  auto at = files.lower_bound(prefix);
  while (at != files.end() && at->first.starts_with(prefix)) {
    at = files.erase(at);
  }
}

void Remove(std::string_view path, Files& files) {
  RemoveBelow(path, files);
  if (const auto at = files.find(path); at != files.end()) files.erase(at);
}

// The path of a hard link's target, clean; the archive may have it with "./".
std::string_view TargetPath(std::string_view target) {
  while (target.starts_with("./") || target.starts_with("/")) {
    target.remove_prefix(target.starts_with("/") ? 1 : 2);
  }
  return target;
}

void TakeContent(const Entry& entry, model::File& file) {
  file.size = entry.size;
  file.sha256 = base::HexEncode(entry.sha256);
  file.capability = base::HexEncode(entry.capability);
  file.architecture = file_list::ElfArchitecture(entry.elf);
}

void Take(const Entry& entry, const model::Digest& layer, Files& files) {
  model::File file;
  file.path = entry.path;
  file.kind = file_list::ToString(entry.kind);
  file.mode = entry.mode;
  file.uid = entry.uid;
  file.gid = entry.gid;
  file.target = entry.target;
  file.major = entry.major;
  file.minor = entry.minor;
  file.layer = layer;
  if (entry.kind == Kind::kFile) TakeContent(entry, file);
  if (entry.kind == Kind::kHardLink) {
    // What it is a link to is one file with it: owner and mode, too.
    const std::string_view target = TargetPath(entry.target);
    if (target == entry.path) return;
    const auto found = files.find(target);
    if (found != files.end()) {
      const model::File& linked = found->second;
      file.mode = linked.mode;
      file.uid = linked.uid;
      file.gid = linked.gid;
      file.size = linked.size;
      file.sha256 = linked.sha256;
      file.capability = linked.capability;
      file.architecture = linked.architecture;
    }
  }
  if (entry.kind != Kind::kDirectory) RemoveBelow(entry.path, files);
  std::string path = file.path;
  files.insert_or_assign(std::move(path), std::move(file));
}

}  // namespace

MergedFiles MergeFiles(absl::Span<const model::LayerReport> layers) {
  MergedFiles merged;
  Files files;
  for (const model::LayerReport& layer : layers) {
    for (const model::Whiteout& whiteout : layer.whiteouts) {
      whiteout.opaque ? RemoveBelow(whiteout.path, files)
                      : Remove(whiteout.path, files);
    }
    std::string problem = ForEachFile(layer, [&](const Entry& entry) {
      Take(entry, layer.blob_digest, files);
    });
    if (!problem.empty()) merged.problems.push_back(std::move(problem));
  }
  merged.files.reserve(files.size());
  while (!files.empty()) {
    merged.files.push_back(std::move(files.extract(files.begin()).mapped()));
  }
  return merged;
}

}  // namespace landwaiter::merge
