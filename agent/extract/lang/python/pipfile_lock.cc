#include "agent/extract/lang/python/pipfile_lock.h"

#include <utility>

#include "agent/extract/lang/formats.h"
#include "agent/extract/lang/python/name.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

// {"default": {"name": {"version": "==1.2"}}, "develop": {...}}
class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    const bool develop = path.Is({"develop", "*", "version"});
    if (!develop && !path.Is({"default", "*", "version"})) {
      return absl::OkStatus();
    }
    if (!text.starts_with("==")) return absl::OkStatus();
    model::Package package = Declared("pypi");
    package.name = NormalizedPythonName(path[1]);
    package.version = text.substr(text.starts_with("===") ? 3 : 2);
    package.development = develop;
    return Keep(std::move(package), packages_);
  }

 private:
  PackageList& packages_;
};

}  // namespace

absl::Status ReadPipfileLock(std::string_view, File& file,
                             PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

}  // namespace landwaiter::agent::extract::lang
