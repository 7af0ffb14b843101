#include "agent/extract/lang/node/package_json.h"

#include <utility>

#include "agent/extract/lang/formats.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::lang {
namespace {

class PackageHandler : public text::TreeHandler {
 public:
  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"name"})) package.name = text;
    if (path.Is({"version"})) package.version = text;
    if (path.Is({"private"})) is_private = text == "true";
    // Once an object {"type"}, and a list of such.
    if (path.Is({"license"}) || path.Is({"license", "type"}) ||
        path.Is({"licenses", "*"}) || path.Is({"licenses", "*", "type"})) {
      if (!text.empty()) package.licenses.emplace_back(text);
    }
    return absl::OkStatus();
  }

  model::Package package;
  bool is_private = false;
};

// Test data of packages has package.json files with anything in them. A name
// begins with a letter, a digit or "@scope/" and has no blanks.
bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= PackageList::kMaxIdentity &&
         name.front() != '.' && name.front() != '_' &&
         name.find_first_of(" \t\n\\{}$<>") == name.npos;
}

bool IsVersion(std::string_view version) {
  return !version.empty() && version.size() <= PackageList::kMaxIdentity &&
         version.find_first_of("0123456789") <= 1 &&
         version.find_first_of(" \t\n\\{}$<>") == version.npos;
}

}  // namespace

absl::Status ReadPackageJson(std::string_view path, File& file,
                             PackageList& packages) {
  PackageHandler handler;
  const auto outcome = text::ReadJson(file, handler);
  if (!outcome.ok()) return outcome.status();
  model::Package package = std::move(handler.package);
  package.type = "npm";
  // An application that is published nowhere.
  if (handler.is_private && !Below(path, "node_modules")) {
    return absl::OkStatus();
  }
  if (!outcome->fault.empty() || !IsName(package.name) ||
      !IsVersion(package.version)) {
    return absl::OkStatus();
  }
  return Keep(std::move(package), packages);
}

}  // namespace landwaiter::agent::extract::lang
