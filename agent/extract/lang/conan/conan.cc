#include "agent/extract/lang/conan/conan.h"

#include <array>
#include <utility>

#include "core/base/failure.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"requires", "*"})) return Take(text, false);
    if (path.Is({"build_requires", "*"}) || path.Is({"python_requires", "*"})) {
      return Take(text, true);
    }
    if (path.Is({"graph_lock", "nodes", "*", "ref"})) ref_ = text;
    if (path.Is({"graph_lock", "nodes", "*", "context"})) {
      development_ = text == "build";
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"graph_lock", "nodes", "*"})) return absl::OkStatus();
    return Take(std::exchange(ref_, {}), std::exchange(development_, false));
  }

 private:
  // "name/version@user/channel#revision%time"
  absl::Status Take(std::string_view ref, bool development) {
    ref = ref.substr(0, ref.find_first_of("@#%"));
    const size_t slash = ref.find('/');
    if (slash == ref.npos) return absl::OkStatus();
    model::Package package = Declared("conan");
    package.name = ref.substr(0, slash);
    package.version = ref.substr(slash + 1);
    package.development = development;
    return Keep(std::move(package), packages_);
  }

  PackageList& packages_;
  std::string ref_;
  bool development_ = false;
};

absl::Status ReadLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

constexpr std::array<Format, 1> kFormats = {{
    {[](std::string_view path) { return Named(path, "conan.lock"); }, ReadLock},
}};

}  // namespace

Conan::Conan() : Formats("lang/conan", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
