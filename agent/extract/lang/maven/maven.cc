#include "agent/extract/lang/maven/maven.h"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/extract/lang/maven/pom.h"
#include "agent/extract/line_reader.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

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
  LineReader lines(file);
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

constexpr std::array<Format, 2> kFormats = {{
    {[](std::string_view path) { return Named(path, "pom.xml"); }, ReadPom},
    {[](std::string_view path) {
       return path.ends_with("gradle.lockfile") &&
              (Named(path, "gradle.lockfile") ||
               Named(path, "buildscript-gradle.lockfile"));
     },
     ReadGradle},
}};

}  // namespace

Maven::Maven() : Formats("lang/maven", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
