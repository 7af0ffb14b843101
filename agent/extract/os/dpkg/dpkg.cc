#include "agent/extract/os/dpkg/dpkg.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/extract/os/dpkg/status_file.h"
#include "agent/extract/package_list.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

// usr/lib/dpkg is where image-based systems with an empty /var have it.
constexpr std::array<std::string_view, 2> kStatusFiles = {
    "var/lib/dpkg/status", "usr/lib/dpkg/status"};
constexpr std::array<std::string_view, 2> kStatusDirs = {
    "var/lib/dpkg/status.d/", "usr/lib/dpkg/status.d/"};

// What tools put beside a package's stanza in status.d. Names of packages may
// have dots ("python3.11"), so it is these endings that are left out.
constexpr std::string_view kNotStanzas[] = {
    ".md5sums", ".list",   ".preinst",  ".postinst",  ".prerm",   ".postrm",
    ".config",  ".shlibs", ".triggers", ".templates", ".symbols", ".conffiles"};

constexpr std::array<std::string_view, 2> kListDirs = {"var/lib/dpkg/info/",
                                                       "usr/lib/dpkg/info/"};
constexpr std::string_view kListEnding = ".list";
constexpr std::string_view kSumsEnding = ".md5sums";

// Whether the path is a file's in one of the folders, with that ending.
template <typename Folders>
bool IsIn(const Folders& folders, std::string_view path,
          std::string_view ending) {
  return path.ends_with(ending) &&
         std::any_of(folders.begin(), folders.end(),
                     [path](std::string_view folder) {
                       return path.starts_with(folder) &&
                              path.find('/', folder.size()) == path.npos;
                     });
}

bool IsList(std::string_view path) {
  return IsIn(kListDirs, path, kListEnding);
}
bool IsSums(std::string_view path) {
  return IsIn(kStatusDirs, path, kSumsEnding);
}

}  // namespace

bool Dpkg::Wants(std::string_view path) const {
  for (std::string_view file : kStatusFiles) {
    if (path == file) return true;
  }
  if (IsList(path) || IsSums(path)) return true;
  for (std::string_view dir : kStatusDirs) {
    if (!path.starts_with(dir)) continue;
    const std::string_view file = path.substr(dir.size());
    if (file.empty() || base::Contains(file, "/")) return false;
    for (std::string_view ending : kNotStanzas) {
      if (file.ends_with(ending)) return false;
    }
    return true;
  }
  return false;
}

absl::StatusOr<model::FileExtract> Dpkg::Extract(std::string_view path,
                                                 File& file) const {
  PackageList list;
  if (IsSums(path)) {
    LANDWAITER_RETURN_IF_ERROR(ReadFileList(file, FileList::kSums, list));
  } else if (IsList(path)) {
    LANDWAITER_RETURN_IF_ERROR(ReadFileList(file, FileList::kPaths, list));
  } else {
    LANDWAITER_RETURN_IF_ERROR(ReadStatusFile(file, "deb", list));
  }
  return std::move(list).Finish();
}

std::vector<std::string_view> Dpkg::WellKnownPaths() const {
  std::vector<std::string_view> paths(kStatusFiles.begin(), kStatusFiles.end());
  paths.insert(paths.end(), kStatusDirs.begin(), kStatusDirs.end());
  return paths;
}

}  // namespace landwaiter::agent::extract::os
