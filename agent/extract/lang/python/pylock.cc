#include "agent/extract/lang/python/pylock.h"

#include <utility>

#include "agent/extract/lang/formats.h"
#include "agent/extract/lang/python/name.h"
#include "core/text/toml.h"

namespace landwaiter::agent::extract::lang {
namespace {

class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"packages", "*", "name"})) {
      package_.name = NormalizedPythonName(text);
    }
    if (path.Is({"packages", "*", "version"})) package_.version = text;
    return absl::OkStatus();
  }

  absl::Status Enter(const text::Path& path) override {
    if (path.Is({"packages", "*", "directory"})) local_ = true;
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"packages", "*"})) return absl::OkStatus();
    model::Package package = std::exchange(package_, Declared("pypi"));
    if (std::exchange(local_, false)) return absl::OkStatus();
    return Keep(std::move(package), packages_);
  }

 private:
  PackageList& packages_;
  model::Package package_ = Declared("pypi");
  bool local_ = false;
};

}  // namespace

absl::Status ReadPylock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadToml(file, handler), packages);
}

}  // namespace landwaiter::agent::extract::lang
