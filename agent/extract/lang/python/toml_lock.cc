#include "agent/extract/lang/python/toml_lock.h"

#include <string>
#include <utility>

#include "agent/extract/lang/formats.h"
#include "agent/extract/lang/python/name.h"
#include "agent/extract/text/toml.h"

namespace landwaiter::agent::extract::lang {
namespace {

// The three have a [[package]] for each, with small differences.
class LockHandler : public text::TreeHandler {
 public:
  LockHandler(bool poetry, PackageList& packages)
      : poetry_(poetry), packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (!path.StartsWith({"package", "*"})) return absl::OkStatus();
    if (path.size() == 3) SetField(path[2], text);
    if (path.size() == 4) SetMember(path, text);
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"package", "*"})) return absl::OkStatus();
    const Entry entry = std::exchange(entry_, {});
    if (entry.local) return absl::OkStatus();
    model::Package package = Declared("pypi");
    package.name = NormalizedPythonName(entry.name);
    package.version = entry.version;
    package.development =
        entry.category_dev || (poetry_ && entry.has_groups && !entry.in_main);
    return Keep(std::move(package), packages_);
  }

 private:
  struct Entry {
    std::string name;
    std::string version;
    bool local = false;
    bool category_dev = false;
    bool has_groups = false;
    bool in_main = false;
  };

  void SetField(std::string_view key, std::string_view text) {
    if (key == "name") entry_.name = text;
    if (key == "version") entry_.version = text;
    // Poetry before 1.5.
    if (key == "category") entry_.category_dev = text == "dev";
    // PDM's for a project in a folder.
    if (key == "path" || (key == "editable" && text == "true")) {
      entry_.local = true;
    }
  }

  void SetMember(const text::Path& path, std::string_view text) {
    // Poetry since 2; PDM's groups are named by people, and may be extras.
    if (path[2] == "groups") {
      entry_.has_groups = true;
      if (text == "main") entry_.in_main = true;
    }
    if (path[2] != "source") return;
    const std::string_view key = path[3];
    // uv has the kind as key, Poetry as "type".
    if (key == "editable" || key == "virtual" || key == "directory" ||
        (key == "path" && !poetry_) ||
        (key == "type" && (text == "directory" || text == "file"))) {
      entry_.local = true;
    }
  }

  const bool poetry_;
  PackageList& packages_;
  Entry entry_;
};

}  // namespace

absl::Status ReadTomlLock(std::string_view path, File& file,
                          PackageList& packages) {
  LockHandler handler(Named(path, "poetry.lock"), packages);
  return Conclude(text::ReadToml(file, handler), packages);
}

}  // namespace landwaiter::agent::extract::lang
