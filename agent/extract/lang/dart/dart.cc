#include "agent/extract/lang/dart/dart.h"

#include <array>
#include <utility>

#include "core/text/yaml.h"

namespace landwaiter::agent::extract::lang {
namespace {

class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"packages", "*", "version"})) package_.version = text;
    if (path.Is({"packages", "*", "dependency"})) {
      package_.development = text == "direct dev";
    }
    if (path.Is({"packages", "*", "source"})) {
      left_out_ = text == "sdk" || text == "path";
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"packages", "*"})) return absl::OkStatus();
    model::Package package = std::exchange(package_, Declared("pub"));
    package.name = path.back();
    if (std::exchange(left_out_, false)) return absl::OkStatus();
    return Keep(std::move(package), packages_);
  }

 private:
  PackageList& packages_;
  model::Package package_ = Declared("pub");
  bool left_out_ = false;
};

absl::Status ReadLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadYaml(file, handler), packages);
}

constexpr std::array<Format, 1> kFormats = {{
    {[](std::string_view path) { return Named(path, "pubspec.lock"); },
     ReadLock},
}};

}  // namespace

Dart::Dart() : Formats("lang/dart", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
