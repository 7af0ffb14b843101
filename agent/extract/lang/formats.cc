#include "agent/extract/lang/formats.h"

#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::lang {
namespace {

// What is asked for by development and otherwise too is not development. The
// packages are sorted, by that last.
void DropDevelopmentTwins(model::Packages& packages) {
  model::Packages kept;
  model::Package last;
  for (size_t i = 0; i < packages.size(); ++i) {
    const model::Package package = packages[i];
    const bool twin =
        i > 0 && package.development && !last.development &&
        package.name == last.name && package.version == last.version &&
        package.type == last.type && package.location == last.location;
    if (twin) continue;
    kept.PushPacked(packages.Packed(i));
    last = package;
  }
  if (kept.size() < packages.size()) packages = std::move(kept);
}

}  // namespace

const Format* Formats::Find(std::string_view path) const {
  for (const Format& format : formats_) {
    if (format.wants(path)) return &format;
  }
  return nullptr;
}

bool Formats::Wants(std::string_view path) const {
  return Find(path) != nullptr;
}

absl::StatusOr<model::FileExtract> Formats::Extract(std::string_view path,
                                                    File& file) const {
  PackageList packages;
  if (const Format* format = Find(path); format != nullptr) {
    LANDWAITER_RETURN_IF_ERROR(format->read(path, file, packages));
  }
  model::FileExtract extract = std::move(packages).Finish();
  DropDevelopmentTwins(extract.packages);
  return extract;
}

std::string_view BaseName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string_view DirectoryOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? std::string_view() : path.substr(0, slash);
}

bool Named(std::string_view path, std::string_view name) {
  return path.ends_with(name) && (path.size() == name.size() ||
                                  path[path.size() - name.size() - 1] == '/');
}

bool Below(std::string_view path, std::string_view directory) {
  for (size_t at = 0; (at = path.find(directory, at)) != path.npos; ++at) {
    const size_t end = at + directory.size();
    if ((at == 0 || path[at - 1] == '/') && end < path.size() &&
        path[end] == '/') {
      return true;
    }
  }
  return false;
}

absl::Status Conclude(const absl::StatusOr<text::Outcome>& outcome,
                      PackageList& packages) {
  LANDWAITER_RETURN_IF_ERROR(outcome.status());
  // The first event is that the root begins.
  if (!outcome->fault.empty() && outcome->events > 1) {
    packages.problems().Add(outcome->fault);
  }
  return absl::OkStatus();
}

absl::Status Keep(model::Package package, PackageList& packages) {
  if (package.name.empty() || package.version.empty()) return absl::OkStatus();
  const std::string where = base::Printable(package.name, 64);
  return packages.Add(std::move(package), where);
}

model::Package Declared(std::string_view type) {
  model::Package package;
  package.type = type;
  package.declared = true;
  return package;
}

}  // namespace landwaiter::agent::extract::lang
