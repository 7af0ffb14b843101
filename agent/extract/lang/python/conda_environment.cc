#include "agent/extract/lang/python/conda_environment.h"

#include <utility>

#include "agent/extract/lang/formats.h"
#include "agent/extract/lang/python/name.h"
#include "core/base/strings.h"
#include "core/text/yaml.h"

namespace landwaiter::agent::extract::lang {
namespace {

// The version that "name=1.2=build" and its like ask for; empty for a range or
// a pattern.
std::string_view ExactVersion(std::string_view specification) {
  while (!specification.empty() &&
         (specification.front() == '=' || specification.front() == ' ')) {
    specification.remove_prefix(1);
  }
  const std::string_view version =
      specification.substr(0, specification.find_first_of("= "));
  const bool pattern = version.find_first_of("*<>|,!~") != version.npos;
  return pattern ? std::string_view() : version;
}

class EnvironmentHandler : public text::TreeHandler {
 public:
  explicit EnvironmentHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    const bool pip = path.Is({"dependencies", "*", "pip", "*"});
    if (!pip && !path.Is({"dependencies", "*"})) return absl::OkStatus();
    // "conda-forge::name=1.2"
    const size_t channel = text.find("::");
    if (!pip && channel != text.npos) text.remove_prefix(channel + 2);
    const size_t end = text.find_first_of("=<>!~ [");
    if (end == text.npos || end == 0) return absl::OkStatus();
    if (pip && !text.substr(end).starts_with("==")) return absl::OkStatus();
    model::Package package = Declared(pip ? "pypi" : "conda");
    package.name = pip ? NormalizedPythonName(text.substr(0, end))
                       : std::string(text.substr(0, end));
    const std::string_view rest = text.substr(end);
    const bool range = rest.find_first_of("<>!~[") != rest.npos;
    if (!range) package.version = ExactVersion(rest);
    return Keep(std::move(package), packages_);
  }

 private:
  PackageList& packages_;
};

}  // namespace

absl::Status ReadCondaEnvironment(std::string_view, File& file,
                                  PackageList& packages) {
  EnvironmentHandler handler(packages);
  return Conclude(text::ReadYaml(file, handler), packages);
}

}  // namespace landwaiter::agent::extract::lang
