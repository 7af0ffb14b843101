#include "agent/extract/os/portage/portage.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "agent/extract/package_list.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::os {
namespace {

constexpr std::string_view kDatabase = "var/db/pkg/";

struct Place {
  std::string_view category;
  std::string_view package;  // with its version
};

// What var/db/pkg/CATEGORY/PACKAGE/CONTENTS names; nullopt for other paths. A
// folder that begins with a dash is of a package that is being installed.
std::optional<Place> PlaceOf(std::string_view path) {
  if (!path.starts_with(kDatabase)) return std::nullopt;
  const auto parts = base::Split(path.substr(kDatabase.size()), '/');
  if (parts.size() != 3 || parts[2] != "CONTENTS" ||
      parts[1].starts_with('-')) {
    return std::nullopt;
  }
  return Place{parts[0], parts[1]};
}

bool IsRevision(std::string_view part) {
  return part.size() > 1 && part[0] == 'r' &&
         std::all_of(part.begin() + 1, part.end(),
                     [](char c) { return absl::ascii_isdigit(c); });
}

// Where the version begins in "name-1.2.3-r1"; npos without one.
size_t VersionOf(std::string_view package) {
  size_t dash = package.rfind('-');
  if (dash != package.npos && dash > 0 &&
      IsRevision(package.substr(dash + 1))) {
    dash = package.rfind('-', dash - 1);
  }
  if (dash == package.npos || dash == 0 || dash + 1 >= package.size() ||
      !absl::ascii_isdigit(package[dash + 1])) {
    return package.npos;
  }
  return dash + 1;
}

// The path of "obj PATH MD5 MTIME" and "sym PATH -> TARGET MTIME"; a path may
// have blanks.
std::string_view OwnedPath(std::string_view line) {
  if (line.starts_with("sym ")) {
    line.remove_prefix(4);
    return line.substr(0, line.find(" -> "));
  }
  if (!line.starts_with("obj ")) return {};
  line.remove_prefix(4);
  for (int i = 0; i < 2; ++i) {
    const size_t blank = line.rfind(' ');
    if (blank == line.npos) return {};
    line = line.substr(0, blank);
  }
  return line;
}

absl::Status ReadContents(File& file, PackageList& packages) {
  text::LineReader lines(file);
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line.has_value()) return absl::OkStatus();
    packages.AddOwned(OwnedPath(*line));
  }
}

}  // namespace

bool Portage::Wants(std::string_view path) const {
  return PlaceOf(path).has_value();
}

absl::StatusOr<model::FileExtract> Portage::Extract(std::string_view path,
                                                    File& file) const {
  PackageList packages;
  const std::optional<Place> place = PlaceOf(path);
  if (!place.has_value()) return std::move(packages).Finish();
  const size_t version = VersionOf(place->package);
  if (version == place->package.npos) {
    packages.problems().Add("the folder's name has no version");
    return std::move(packages).Finish();
  }
  model::Package package{
      .type = "ebuild",
      .name = base::StrCat(place->category, "/",
                           place->package.substr(0, version - 1)),
      .version = std::string(place->package.substr(version))};
  package.source_name = package.name;
  package.source_version = package.version;
  LANDWAITER_RETURN_IF_ERROR(packages.Add(std::move(package), "the folder"));
  LANDWAITER_RETURN_IF_ERROR(ReadContents(file, packages));
  return std::move(packages).Finish();
}

std::vector<std::string_view> Portage::WellKnownPaths() const {
  return {kDatabase};
}

}  // namespace landwaiter::agent::extract::os
