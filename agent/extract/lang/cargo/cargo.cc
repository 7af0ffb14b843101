#include "agent/extract/lang/cargo/cargo.h"

#include <array>
#include <utility>

#include "core/text/toml.h"

namespace landwaiter::agent::extract::lang {
namespace {

class LockHandler : public text::TreeHandler {
 public:
  explicit LockHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"package", "*", "name"})) package_.name = text;
    if (path.Is({"package", "*", "version"})) package_.version = text;
    if (path.Is({"package", "*", "source"})) has_source_ = true;
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"package", "*"})) return absl::OkStatus();
    model::Package package = std::exchange(package_, Declared("cargo"));
    if (!std::exchange(has_source_, false)) return absl::OkStatus();
    return Keep(std::move(package), packages_);
  }

 private:
  PackageList& packages_;
  model::Package package_ = Declared("cargo");
  bool has_source_ = false;
};

absl::Status ReadLock(std::string_view, File& file, PackageList& packages) {
  LockHandler handler(packages);
  return Conclude(text::ReadToml(file, handler), packages);
}

bool IsLock(std::string_view path) {
  return Named(path, "Cargo.lock") && !Below(path, "registry/src") &&
         !Below(path, "git/checkouts");
}

constexpr std::array<Format, 1> kFormats = {{{IsLock, ReadLock}}};

}  // namespace

Cargo::Cargo() : Formats("lang/cargo", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
