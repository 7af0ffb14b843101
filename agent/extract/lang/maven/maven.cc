#include "agent/extract/lang/maven/maven.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "agent/extract/lang/maven/pom.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/json.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::lang {
namespace {

// Whether `configurations` ("testCompileClasspath,testRuntimeClasspath") are
// all of tests.
bool OnlyTests(std::string_view configurations) {
  const auto list = base::Split(configurations, ',');
  return std::all_of(list.begin(), list.end(), [](std::string_view name) {
    return base::Strip(name).starts_with("test");
  });
}

// "group:artifact:version=configurations"
absl::Status ReadGradle(std::string_view, File& file, PackageList& packages) {
  text::LineReader lines(file);
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line.has_value()) return absl::OkStatus();
    const std::string_view text = base::Strip(*line);
    if (text.empty() || text.front() == '#' || text.starts_with("empty=")) {
      continue;
    }
    const auto sides = base::SplitOnce(text, '=');
    if (!sides.has_value()) continue;
    const size_t colon = sides->first.rfind(':');
    const size_t first = sides->first.find(':');
    if (colon == first || first == text.npos) continue;
    model::Package package = Declared("maven");
    package.name = sides->first.substr(0, colon);
    package.version = sides->first.substr(colon + 1);
    package.development = OnlyTests(sides->second);
    LANDWAITER_RETURN_IF_ERROR(Keep(std::move(package), packages));
  }
}

// sbt-dependency-lock's build.sbt.lock: {"dependencies": [{"org": ...,
// "name": ..., "version": ..., "configurations": ["test"]}]}
class SbtHandler : public text::TreeHandler {
 public:
  explicit SbtHandler(PackageList& packages) : packages_(packages) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (path.Is({"dependencies", "*", "org"})) group_ = text;
    if (path.Is({"dependencies", "*", "name"})) artifact_ = text;
    if (path.Is({"dependencies", "*", "version"})) version_ = text;
    if (path.Is({"dependencies", "*", "configurations", "*"})) {
      (text == "test" ? in_tests_ : elsewhere_) = true;
    }
    return absl::OkStatus();
  }

  absl::Status Leave(const text::Path& path) override {
    if (!path.Is({"dependencies", "*"})) return absl::OkStatus();
    model::Package package = Declared("maven");
    package.name = base::StrCat(std::exchange(group_, {}), ":",
                                std::exchange(artifact_, {}));
    package.version = std::exchange(version_, {});
    const bool in_tests = std::exchange(in_tests_, false);
    package.development = !std::exchange(elsewhere_, false) && in_tests;
    return Keep(std::move(package), packages_);
  }

 private:
  PackageList& packages_;
  std::string group_;
  std::string artifact_;
  std::string version_;
  bool in_tests_ = false;
  bool elsewhere_ = false;
};

absl::Status ReadSbt(std::string_view, File& file, PackageList& packages) {
  SbtHandler handler(packages);
  return Conclude(text::ReadJson(file, handler), packages);
}

constexpr std::array<Format, 3> kFormats = {{
    {[](std::string_view path) { return Named(path, "pom.xml"); }, ReadPom},
    {[](std::string_view path) {
       return path.ends_with("gradle.lockfile") &&
              (Named(path, "gradle.lockfile") ||
               Named(path, "buildscript-gradle.lockfile"));
     },
     ReadGradle},
    {[](std::string_view path) { return Named(path, "build.sbt.lock"); },
     ReadSbt},
}};

}  // namespace

Maven::Maven() : Formats("lang/maven", 2, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
