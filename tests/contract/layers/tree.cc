#include "tests/contract/layers/tree.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "agent/layer/in_process_layer_scanner.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/merge/files.h"

namespace landwaiter::contract {
namespace {

std::string Numbers(uint64_t high, uint64_t low) {
  return base::StrCat(high, ",", low);
}

std::string_view KindOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return "file";
    case S_IFDIR:
      return "directory";
    case S_IFLNK:
      return "symlink";
    case S_IFCHR:
      return "chardev";
    case S_IFBLK:
      return "blockdev";
    case S_IFIFO:
      return "fifo";
    default:
      return "other";
  }
}

std::string Sha256OfFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  base::Sha256 hash;
  std::string piece(size_t{1} << 20, '\0');
  while (in) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    hash.Update(
        std::string_view(piece).substr(0, static_cast<size_t>(in.gcount())));
  }
  return hash.FinishHex();
}

TreeFile OurFile(const model::File& file) {
  TreeFile result;
  result.kind = file.kind == "hardlink" ? "file" : file.kind;
  if (result.kind != "symlink") result.mode = file.mode;
  result.uid = file.uid;
  result.gid = file.gid;
  if (result.kind == "file") {
    result.size = file.size;
    result.sha256 = file.sha256;
  }
  if (result.kind == "symlink") result.target = file.target;
  if (result.kind.ends_with("dev")) {
    result.numbers = Numbers(file.major, file.minor);
  }
  return result;
}

std::string Text(const TreeFile& file) {
  std::ostringstream out;
  out << file.kind << " " << std::oct << file.mode << std::dec << " "
      << file.uid << ":" << file.gid << " " << file.size << " "
      << file.sha256.substr(0, 8) << " " << file.target << " " << file.numbers;
  return out.str();
}

bool OnTheWay(const std::string& directory, const Tree& tree) {
  const std::string prefix = directory + "/";
  const auto below = tree.lower_bound(prefix);
  return below != tree.end() && below->first.starts_with(prefix);
}

// As unpackers make what the archive has files in and no entry of, or leave
// what a whiteout hides for the sake of what is in it.
bool IsImplied(const std::string& path, const TreeFile& file,
               const Tree& ours) {
  if (file.kind != "directory") return false;
  return OnTheWay(path, ours) ||
         (file.mode == 0755 && file.uid == 0 && file.gid == 0);
}

}  // namespace

absl::StatusOr<Tree> OurTree(const std::vector<std::string>& layers) {
  namespace layer = agent::layer;
  layer::InProcessLayerScanner scanner([] { return layer::Extractors(); });
  std::vector<model::LayerReport> reports;
  for (const std::string& bytes : layers) {
    model::LayerRef ref;
    ref.blob.digest = model::Digest::Of(bytes);
    LANDWAITER_ASSIGN_OR_RETURN(
        model::LayerReport report,
        scanner.Scan(ref, [&bytes](agent::source::BlobSink sink) {
          return sink(bytes);
        }));
    reports.push_back(std::move(report));
  }
  const merge::MergedFiles merged = merge::MergeFiles(reports);
  if (!merged.problems.empty()) {
    return absl::InternalError(merged.problems.front());
  }
  Tree tree;
  for (const model::File& file : merged.files) tree[file.path] = OurFile(file);
  return tree;
}

Tree TreeOnDisk(const std::string& root) {
  namespace fs = std::filesystem;
  Tree tree;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    struct stat stat = {};
    if (lstat(entry.path().c_str(), &stat) != 0) continue;
    TreeFile file;
    file.kind = KindOf(stat.st_mode);
    file.uid = stat.st_uid;
    file.gid = stat.st_gid;
    if (file.kind == "symlink") {
      file.target = fs::read_symlink(entry.path()).string();
    } else {
      file.mode = stat.st_mode & 07777;
    }
    if (file.kind == "file") {
      file.size = static_cast<uint64_t>(stat.st_size);
      file.sha256 = Sha256OfFile(entry.path());
    }
    if (file.kind.ends_with("dev")) {
      file.numbers = Numbers(major(stat.st_rdev), minor(stat.st_rdev));
    }
    tree[entry.path().string().substr(root.size() + 1)] = file;
  }
  return tree;
}

std::string Differences(const Tree& ours, const Tree& theirs) {
  std::string text;
  for (const auto& [path, file] : ours) {
    const auto other = theirs.find(path);
    if (other == theirs.end()) {
      base::StrAppend(&text, base::Printable(path), ": ours ", Text(file),
                      ", theirs nothing\n");
    } else if (other->second != file) {
      base::StrAppend(&text, base::Printable(path), ": ours ", Text(file),
                      ", theirs ", Text(other->second), "\n");
    }
  }
  for (const auto& [path, file] : theirs) {
    if (ours.contains(path) || IsImplied(path, file, ours)) continue;
    base::StrAppend(&text, base::Printable(path), ": ours nothing, theirs ",
                    Text(file), "\n");
  }
  return text;
}

}  // namespace landwaiter::contract
