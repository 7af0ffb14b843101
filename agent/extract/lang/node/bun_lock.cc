#include "agent/extract/lang/node/bun_lock.h"

#include <string>
#include <utility>

#include "agent/extract/lang/formats.h"
#include "agent/extract/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

// "packages" has a list for each package, which begins with "name@version".
class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (!path.Is({"packages", "*", "0"})) return absl::OkStatus();
    const size_t at = text.find('@', 1);
    if (at == text.npos) return absl::OkStatus();
    const std::string_view version = text.substr(at + 1);
    // Others are "workspace:", "github:", "file:", an address.
    if (version.empty() || version.front() < '0' || version.front() > '9') {
      return absl::OkStatus();
    }
    model::Package package = Declared("npm");
    package.name = text.substr(0, at);
    package.version = version;
    return Keep(std::move(package), packages_);
  }

 private:
  PackageList& packages_;
};

}  // namespace

absl::Status ReadBunLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadJson(file, handler, text::JsonDialect::kRelaxed),
                  packages);
}

}  // namespace landwaiter::agent::extract::lang
