#include "core/merge/merge.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/strings.h"
#include "core/merge/file_lists.h"
#include "core/merge/well_known.h"

namespace landwaiter::merge {
namespace {

using model::InstalledPackage;
using model::LayerReport;

// More than any real chain of links; a loop ends here.
constexpr int kMaxLinks = 16;

// One file as the layers so far leave it.
struct MergedFile {
  model::Packages packages;  // sorted
  // Of each package: the layer that brought it in.
  std::vector<LayerNumber> layers;
  std::optional<model::OsRelease> os_release;
  std::vector<std::string> owned_files;  // sorted
  std::string problem;
};

using FileKey = std::pair<std::string, std::string>;  // path, extractor
using Files = std::map<FileKey, MergedFile>;
using Links = std::map<std::string, std::string, std::less<>>;

// Calls `take` with the iterator of every entry of the map at `path` (if
// `itself`) and below it; `take` erases it and returns the next. `first` gives
// the first entry whose path is not less than a text, `path_of` an entry's
// path.
template <typename Map, typename First, typename PathOf, typename Take>
void ForEachAt(Map& map, std::string_view path, bool itself, First first,
               PathOf path_of, Take take) {
  if (path.empty()) {
    for (auto it = map.begin(); it != map.end();) it = take(it);
    return;
  }
  if (itself) {
    for (auto it = first(std::string(path));
         it != map.end() && path_of(*it) == path;) {
      it = take(it);
    }
  }
  const std::string below = base::StrCat(path, "/");
  for (auto it = first(below);
       it != map.end() && path_of(*it).starts_with(below);) {
    it = take(it);
  }
}

// The layers of a database's packages: those that the database listed before
// keep theirs.
std::vector<LayerNumber> Attribute(const model::Packages& packages,
                                   const MergedFile* before,
                                   LayerNumber layer) {
  static const MergedFile kNone;
  const MergedFile& old = before == nullptr ? kNone : *before;
  std::vector<LayerNumber> layers;
  layers.reserve(packages.size());
  size_t known = 0;
  for (size_t i = 0; i < packages.size(); ++i) {
    const std::string_view package = packages.Packed(i);
    while (known < old.packages.size() &&
           old.packages.Packed(known) < package) {
      ++known;
    }
    const bool kept =
        known < old.packages.size() && old.packages.Packed(known) == package;
    layers.push_back(kept ? old.layers[known] : layer);
    if (kept) ++known;
  }
  return layers;
}

// The file behind a path of a system whose /bin, /lib and /sbin may be links
// into /usr: databases name files by either.
std::string_view BelowUsr(std::string_view path) {
  constexpr std::string_view kUsr = "usr/";
  if (path.starts_with(kUsr)) path.remove_prefix(kUsr.size());
  return path;
}

// The files that the system's package manager answers for. The views are the
// merged files'.
class OwnedFiles {
 public:
  explicit OwnedFiles(const Files& files) {
    for (const auto& [key, file] : files) {
      for (const std::string& path : file.owned_files) {
        paths_.push_back(BelowUsr(path));
      }
    }
    std::sort(paths_.begin(), paths_.end());
  }

  bool Has(std::string_view path) const {
    return std::binary_search(paths_.begin(), paths_.end(), BelowUsr(path));
  }

 private:
  std::vector<std::string_view> paths_;
};

class Merger {
 public:
  // `extracts` are the layer's.
  void Apply(const LayerReport& layer,
             std::vector<model::FileExtract> extracts) {
    for (const model::Whiteout& whiteout : layer.whiteouts) {
      Hide(whiteout.path, /*itself=*/!whiteout.opaque);
    }
    for (const std::string& path : layer.obstructions) Hide(path, true);
    HideByFiles(layer);
    for (model::FileExtract& extract : extracts) Add(std::move(extract));
    for (const LayerReport::Link& link : layer.links) {
      links_[link.path] = link.target;
    }
    digests_.push_back(layer.blob_digest);
    hidden_.clear();
  }

  MergedImage Finish() {
    MergedImage image;
    model::Inventory& inventory = image.inventory;
    inventory.os = TellSystem();
    AddLinkProblems(inventory.problems);
    const OwnedFiles owned(files_);
    std::vector<MergedPackages::File> files;
    for (auto& [key, file] : files_) {
      if (!file.packages.empty()) {
        files.push_back({key.first, std::move(file.packages),
                         std::move(file.layers), owned.Has(key.first)});
      }
      if (!file.problem.empty()) {
        inventory.problems.push_back(
            base::StrCat(key.first, ": ", file.problem));
      }
    }
    std::move(problems_.begin(), problems_.end(),
              std::back_inserter(inventory.problems));
    std::sort(inventory.problems.begin(), inventory.problems.end());
    image.packages = MergedPackages(std::move(files), std::move(digests_));
    return image;
  }

 private:
  void Hide(std::string_view path, bool itself) {
    ForEachAt(
        files_, path, itself,
        [&](std::string from) { return files_.lower_bound({from, ""}); },
        [](const auto& entry) { return std::string_view(entry.first.first); },
        [&](Files::iterator it) {
          const auto next = std::next(it);
          hidden_.insert(files_.extract(it));
          return next;
        });
    ForEachAt(
        links_, path, itself,
        [&](const std::string& from) { return links_.lower_bound(from); },
        [](const auto& entry) { return std::string_view(entry.first); },
        [&](Links::iterator it) { return links_.erase(it); });
  }

  // Whatever stands at a path hides what lower layers had there; unless it is
  // a directory, it hides what they had below, too.
  void HideByFiles(const LayerReport& layer) {
    if (files_.empty() && links_.empty()) return;
    std::string problem =
        ForEachFile(layer, [this](const file_list::Entry& entry) {
          if (entry.kind != file_list::Kind::kDirectory) {
            Hide(entry.path, /*itself=*/true);
          } else {
            HideItself(entry.path);
          }
        });
    if (!problem.empty()) problems_.push_back(std::move(problem));
  }

  void HideItself(std::string_view path) {
    for (auto it = files_.lower_bound({std::string(path), ""});
         it != files_.end() && it->first.first == path;) {
      hidden_.insert(files_.extract(it++));
    }
    if (const auto it = links_.find(path); it != links_.end()) links_.erase(it);
  }

  void Add(model::FileExtract&& extract) {
    // A file replaces a link of a lower layer, and a directory above it does.
    for (size_t end = extract.path.find('/'); end != std::string::npos;
         end = extract.path.find('/', end + 1)) {
      links_.erase(extract.path.substr(0, end));
    }
    links_.erase(extract.path);

    // A database that the layer removes and brings again is the same one.
    FileKey key{extract.path, extract.extractor};
    auto before = files_.find(key);
    const MergedFile* old = before != files_.end() ? &before->second : nullptr;
    if (auto it = hidden_.find(key); it != hidden_.end()) old = &it->second;
    MergedFile merged;
    merged.layers = Attribute(extract.packages, old,
                              static_cast<LayerNumber>(digests_.size()));
    merged.packages = std::move(extract.packages);
    merged.os_release = std::move(extract.os_release);
    merged.owned_files = std::move(extract.owned_files);
    merged.problem = std::move(extract.problem);
    files_.insert_or_assign(std::move(key), std::move(merged));
  }

  // The path that `path` leads to by the links.
  std::string Resolve(std::string path) const {
    for (int hops = 0; hops < kMaxLinks; ++hops) {
      const Links::const_iterator link = FirstLinkOf(path);
      if (link == links_.end()) return path;
      path = link->second + path.substr(link->first.size());
    }
    return path;
  }

  Links::const_iterator FirstLinkOf(std::string_view path) const {
    for (size_t end = path.find('/');; end = path.find('/', end + 1)) {
      const auto link = links_.find(path.substr(0, end));
      if (link != links_.end() || end == path.npos) return link;
    }
  }

  const model::OsRelease* ReleaseAt(std::string_view path) const {
    const std::string resolved = Resolve(std::string(path));
    for (auto it = files_.lower_bound({resolved, ""});
         it != files_.end() && it->first.first == resolved; ++it) {
      if (it->second.os_release) return &*it->second.os_release;
    }
    return nullptr;
  }

  model::OsRelease TellSystem() const {
    model::OsRelease system;
    for (std::string_view path : kReleasePaths) {
      const model::OsRelease* release = ReleaseAt(path);
      if (release == nullptr || release->empty()) continue;
      if (system.empty()) {
        system = *release;
      } else if (release->id == system.id) {
        system.version_id = release->version_id;
        system.codename = release->codename;
      }
      if (!system.version_id.empty() || !system.codename.empty()) break;
    }
    return system;
  }

  void AddLinkProblems(std::vector<std::string>& problems) const {
    for (std::string_view database : kDatabasePaths) {
      const std::string resolved = Resolve(std::string(database));
      if (resolved == database) continue;
      const bool known = std::find(kDatabasePaths.begin(), kDatabasePaths.end(),
                                   resolved) != kDatabasePaths.end();
      if (known) continue;
      problems.push_back(base::StrCat(
          database, ": is reached by a link to ", base::Printable(resolved),
          ", where no package database is looked for"));
    }
  }

  Files files_;
  Links links_;
  std::vector<model::Digest> digests_;  // of the layers so far
  std::vector<std::string> problems_;   // of the layers' lists of files
  // What the layer at hand removed.
  Files hidden_;
};

}  // namespace

model::Inventory MergeLayers(absl::Span<const LayerReport> layers) {
  Merger merger;
  for (const LayerReport& layer : layers) merger.Apply(layer, layer.extracts);
  MergedImage image = merger.Finish();
  image.inventory.packages.reserve(image.packages.size());
  image.packages.ForEach([&image](const InstalledPackage& package) {
    image.inventory.packages.push_back(package);
  });
  return std::move(image.inventory);
}

MergedImage MergeLayersCompactly(std::vector<LayerReport> layers) {
  Merger merger;
  for (LayerReport& layer : layers) {
    std::vector<model::FileExtract> extracts = std::move(layer.extracts);
    merger.Apply(layer, std::move(extracts));
  }
  return merger.Finish();
}

}  // namespace landwaiter::merge
