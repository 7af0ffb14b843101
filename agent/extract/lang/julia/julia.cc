#include "agent/extract/lang/julia/julia.h"

#include <array>
#include <string>
#include <utility>

#include "core/text/toml.h"

namespace landwaiter::agent::extract::lang {
namespace {

class ManifestHandler : public text::TreeHandler {
 public:
  explicit ManifestHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (!InEntry(path, path.size() - 1)) return absl::OkStatus();
    if (path.back() == "version") package_.version = text;
    if (path.back() == "uuid") has_uuid_ = true;
    if (path.back() == "path") has_path_ = true;
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!InEntry(path, path.size())) return absl::OkStatus();
    model::Package package = std::exchange(package_, Declared("julia"));
    package.name = path[path.size() - 2];
    const bool registered = has_uuid_ && !has_path_;
    has_uuid_ = has_path_ = false;
    if (!registered) return absl::OkStatus();
    return Keep(std::move(package), packages_);
  }

 private:
  // Whether the first `size` keys are those of a package's table.
  static bool InEntry(const text::Path& path, size_t size) {
    return size == 2 || (size == 3 && path[0] == "deps");
  }

  PackageList& packages_;
  model::Package package_ = Declared("julia");
  bool has_uuid_ = false;
  bool has_path_ = false;
};

absl::Status ReadManifest(std::string_view, File& file, PackageList& packages) {
  ManifestHandler handler(packages);
  return Conclude(text::ReadToml(file, handler), packages);
}

// "Manifest.toml", "Manifest-v1.11.toml", "JuliaManifest.toml"
bool IsManifest(std::string_view path) {
  if (!path.ends_with(".toml")) return false;
  const std::string_view name = BaseName(path);
  return name == "Manifest.toml" || name == "JuliaManifest.toml" ||
         name.starts_with("Manifest-v");
}

constexpr std::array<Format, 1> kFormats = {{{IsManifest, ReadManifest}}};

}  // namespace

Julia::Julia() : Formats("lang/julia", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
