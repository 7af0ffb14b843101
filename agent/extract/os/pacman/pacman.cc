#include "agent/extract/os/pacman/pacman.h"

#include <string>
#include <utility>

#include "agent/extract/package_list.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::os {
namespace {

constexpr std::string_view kLocal = "var/lib/pacman/local/";

// "desc" of var/lib/pacman/local/FOLDER/desc; empty for any other path.
std::string_view FileOfPackage(std::string_view path) {
  if (!path.starts_with(kLocal)) return {};
  const auto parts = base::SplitOnce(path.substr(kLocal.size()), '/');
  return parts.has_value() ? parts->second : std::string_view();
}

bool IsTitle(std::string_view line) {
  return line.size() > 2 && line.front() == '%' && line.back() == '%';
}

// One pass over a `desc` or `files`: hands out values with their title.
template <typename Take>
absl::Status ReadSections(File& file, Take take) {
  text::LineReader reader(file);
  std::string title;
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, reader.Next());
    if (!line.has_value()) return absl::OkStatus();
    if (line->empty()) {
      title.clear();
    } else if (title.empty() && IsTitle(*line)) {
      title = line->substr(1, line->size() - 2);
    } else if (!title.empty()) {
      take(title, *line);
    }
  }
}

absl::Status ReadDescription(File& file, PackageList& packages) {
  model::Package package;
  package.type = "alpm";
  LANDWAITER_RETURN_IF_ERROR(ReadSections(
      file, [&package](std::string_view title, std::string_view value) {
        if (title == "NAME") package.name = value;
        if (title == "VERSION") package.version = value;
        if (title == "BASE") package.source_name = value;
        if (title == "ARCH") package.architecture = value;
        if (title == "PACKAGER") package.vendor = value;
        if (title == "LICENSE") package.licenses.emplace_back(value);
      }));
  if (package.source_name.empty()) package.source_name = package.name;
  package.source_version = package.version;
  return packages.Add(std::move(package), "the description");
}

absl::Status ReadFiles(File& file, PackageList& packages) {
  return ReadSections(
      file, [&packages](std::string_view title, std::string_view value) {
        if (title == "FILES" && !value.ends_with('/')) packages.AddOwned(value);
      });
}

}  // namespace

bool Pacman::Wants(std::string_view path) const {
  const std::string_view file = FileOfPackage(path);
  return file == "desc" || file == "files";
}

absl::StatusOr<model::FileExtract> Pacman::Extract(std::string_view path,
                                                   File& file) const {
  PackageList packages;
  LANDWAITER_RETURN_IF_ERROR(FileOfPackage(path) == "files"
                                 ? ReadFiles(file, packages)
                                 : ReadDescription(file, packages));
  return std::move(packages).Finish();
}

std::vector<std::string_view> Pacman::WellKnownPaths() const {
  return {kLocal};
}

}  // namespace landwaiter::agent::extract::os
