#include "agent/extract/lang/haskell/haskell.h"

#include <array>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"
#include "core/text/yaml.h"

namespace landwaiter::agent::extract::lang {
namespace {

absl::Status Add(std::string_view name, std::string_view version,
                 PackageList& packages) {
  model::Package package = Declared("hackage");
  package.name = name;
  package.version = version;
  return Keep(std::move(package), packages);
}

class StackHandler : public text::TreeHandler {
 public:
  explicit StackHandler(PackageList& packages) : packages_(packages) {}

  // "name-1.2.3@sha256:...,size"
  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (!path.Is({"packages", "*", "completed", "hackage"})) {
      return absl::OkStatus();
    }
    text = text.substr(0, text.find('@'));
    const size_t dash = text.rfind('-');
    if (dash == text.npos) return absl::OkStatus();
    return Add(text.substr(0, dash), text.substr(dash + 1), packages_);
  }

 private:
  PackageList& packages_;
};

absl::Status ReadStack(std::string_view, File& file, PackageList& packages) {
  StackHandler handler(packages);
  return Conclude(text::ReadYaml(file, handler), packages);
}

// "constraints: any.name ==1.2.3," and more such lines.
absl::Status ReadFreeze(std::string_view, File& file, PackageList& packages) {
  text::LineReader lines(file);
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line.has_value()) return absl::OkStatus();
    constexpr std::string_view kAny = "any.";
    const size_t any = line->find(kAny);
    if (any == line->npos) continue;
    const std::string_view rest = line->substr(any + kAny.size());
    const size_t equal = rest.find("==");
    if (equal == rest.npos) continue;
    const std::string_view version = rest.substr(equal + 2);
    LANDWAITER_RETURN_IF_ERROR(
        Add(base::Strip(rest.substr(0, equal)),
            base::Strip(version.substr(0, version.find(','))), packages));
  }
}

constexpr std::array<Format, 2> kFormats = {{
    {[](std::string_view path) { return Named(path, "stack.yaml.lock"); },
     ReadStack},
    {[](std::string_view path) { return Named(path, "cabal.project.freeze"); },
     ReadFreeze},
}};

}  // namespace

Haskell::Haskell() : Formats("lang/haskell", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
