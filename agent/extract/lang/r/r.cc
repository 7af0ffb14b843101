#include "agent/extract/lang/r/r.h"

#include <array>
#include <utility>

#include "core/base/failure.h"
#include "core/text/headers.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

absl::Status ReadDescription(std::string_view, File& file,
                             PackageList& packages) {
  text::HeaderReader headers(file);
  model::Package package;
  package.type = "cran";
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(auto header, headers.Next());
    if (!header.has_value()) break;
    if (header->name == "package") {
      package.name = std::move(header->value);
    } else if (header->name == "version") {
      package.version = std::move(header->value);
    } else if (header->name == "license" && !header->value.empty()) {
      package.licenses = {std::move(header->value)};
    }
  }
  return Keep(std::move(package), packages);
}

class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"Packages", "*", "Package"})) package_.name = text;
    if (path.Is({"Packages", "*", "Version"})) package_.version = text;
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"Packages", "*"})) return absl::OkStatus();
    return Keep(std::exchange(package_, Declared("cran")), packages_);
  }

 private:
  PackageList& packages_;
  model::Package package_ = Declared("cran");
};

absl::Status ReadLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

bool IsDescription(std::string_view path) {
  if (!Named(path, "DESCRIPTION")) return false;
  const std::string_view library = DirectoryOf(DirectoryOf(path));
  return Named(library, "library") || Named(library, "site-library");
}

constexpr std::array<Format, 2> kFormats = {{
    {IsDescription, ReadDescription},
    {[](std::string_view path) { return Named(path, "renv.lock"); }, ReadLock},
}};

}  // namespace

R::R() : Formats("lang/r", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
