#include "agent/extract/os/opkg/opkg.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/extract/os/dpkg/status_file.h"
#include "agent/extract/package_list.h"
#include "core/base/failure.h"

namespace landwaiter::agent::extract::os {
namespace {

constexpr std::array<std::string_view, 2> kStatusFiles = {
    "usr/lib/opkg/status", "var/lib/opkg/status"};
constexpr std::array<std::string_view, 2> kInfoDirs = {"usr/lib/opkg/info/",
                                                       "var/lib/opkg/info/"};

bool IsList(std::string_view path) {
  return path.ends_with(".list") &&
         std::any_of(kInfoDirs.begin(), kInfoDirs.end(),
                     [path](std::string_view folder) {
                       return path.starts_with(folder) &&
                              path.find('/', folder.size()) == path.npos;
                     });
}

}  // namespace

bool Opkg::Wants(std::string_view path) const {
  return IsList(path) || std::find(kStatusFiles.begin(), kStatusFiles.end(),
                                   path) != kStatusFiles.end();
}

absl::StatusOr<model::FileExtract> Opkg::Extract(std::string_view path,
                                                 File& file) const {
  PackageList list;
  if (IsList(path)) {
    LANDWAITER_RETURN_IF_ERROR(
        ReadFileList(file, FileList::kPathsThenTabs, list));
  } else {
    LANDWAITER_RETURN_IF_ERROR(ReadStatusFile(file, "opkg", list));
  }
  return std::move(list).Finish();
}

std::vector<std::string_view> Opkg::WellKnownPaths() const {
  return {kStatusFiles.begin(), kStatusFiles.end()};
}

}  // namespace landwaiter::agent::extract::os
