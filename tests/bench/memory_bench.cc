// What `landwaiter-agent inspect` takes of memory for images that are made to
// take much. Prints a table; fails if one takes more than the bound. See
// docs/performance.md.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "agent/extract/archive/testing/zip_builder.h"
#include "agent/extract/os/rpm/testing/databases.h"
#include "agent/layer/testing/archive_builder.h"
#include "core/base/strings.h"
#include "tests/bench/image_maker.h"
#include "tests/bench/meter.h"

namespace landwaiter::bench {
namespace {

using agent::layer::testing::ArchiveBuilder;
using base::StrAppend;
using base::StrCat;

constexpr double kMebibyte = 1 << 20;
constexpr size_t kLockBytes = 20'000'000;
constexpr size_t kDatabaseBytes = 200'000'000;

std::string Hex(size_t number, size_t digits) {
  std::string text(digits, '0');
  for (size_t at = digits; at-- > 0 && number > 0; number /= 16) {
    text[at] = "0123456789abcdef"[number % 16];
  }
  return text;
}

// Calls `add` with 0, 1, 2 ... until the text has `size` bytes.
template <typename Add>
std::string Fill(std::string text, size_t size, Add add) {
  for (size_t i = 0; text.size() < size; ++i) add(i, text);
  return text;
}

std::string PackageLock() {
  return Fill(
             R"({"name":"app","lockfileVersion":3,"packages":{"":{"name":"app"})",
             kLockBytes,
             [](size_t i, std::string& text) {
               StrAppend(&text, ",\n\"node_modules/some-package-", i,
                         "\":{\"version\":\"1.", i,
                         ".0\",\"resolved\":\"https://registry.npmjs.org/"
                         "some-package-",
                         i, "/-/some-package-", i,
                         ".tgz\",\"integrity\":\"sha512-", Hex(i, 86),
                         "==\",\"engines\":{\"node\":\">=18\"},"
                         "\"dependencies\":{\"other\":\"^1.0.0\"}}");
             }) +
         "}}";
}

std::string YarnLock() {
  return Fill(
      "# yarn lockfile v1\n\n", kLockBytes, [](size_t i, std::string& text) {
        StrAppend(&text, "some-package-", i, "@^1.0.0:\n  version \"1.", i,
                  ".0\"\n  resolved \"https://registry.yarnpkg.com/"
                  "some-package-",
                  i, ".tgz\"\n  integrity sha512-", Hex(i, 86),
                  "==\n  dependencies:\n    other \"^1.0.0\"\n\n");
      });
}

std::string PoetryLock() {
  return Fill("", kLockBytes, [](size_t i, std::string& text) {
    StrAppend(&text, "[[package]]\nname = \"some-package-", i,
              "\"\nversion = \"1.", i,
              "\"\noptional = false\npython-versions = \">=3.8\"\nfiles = [\n"
              "    {file = \"a.whl\", hash = \"sha256:",
              Hex(i, 64),
              "\"},\n    {file = \"a.tar.gz\", hash = \"sha256:", Hex(i, 64),
              "\"},\n]\n\n");
  });
}

std::string ComposerLock() {
  return Fill(R"({"packages":[{"name":"a/a","version":"1"})", kLockBytes,
              [](size_t i, std::string& text) {
                StrAppend(
                    &text, ",\n{\"name\":\"vendor/some-package-", i,
                    "\",\"version\":\"v1.", i,
                    "\",\"source\":{\"type\":\"git\",\"url\":"
                    "\"https://github.com/vendor/some-package.git\","
                    "\"reference\":\"",
                    Hex(i, 40),
                    "\"},\"license\":[\"MIT\"],\"description\":\"What it "
                    "is for, in some words\",\"require\":{\"php\":\">=8\"}"
                    "}");
              }) +
         "]}";
}

// As many requirements as a module of go.sum's size would have.
std::string GoMod() {
  return Fill("module example.org/app\n\ngo 1.22\n\nrequire (\n", kLockBytes,
              [](size_t i, std::string& text) {
                StrAppend(&text, "\tgithub.com/organisation/some-package-", i,
                          " v1.", i, ".0 // indirect // ", Hex(i, 80), "\n");
              }) +
         ")\n";
}

std::string DpkgStatus() {
  return Fill("", kDatabaseBytes, [](size_t i, std::string& text) {
    StrAppend(&text, "Package: some-package-", i,
              "\nStatus: install ok installed\nSection: libs\nMaintainer: A "
              "Person <person@example.org>\nArchitecture: amd64\nSource: "
              "some-source-",
              i, "\nVersion: 1.", i, "-2\nDepends: libc6 (>= 2.36)\n");
    StrAppend(&text, "Description: what it is for\n");
    for (int line = 0; line < 40; ++line) {
      StrAppend(&text, " A line of the longer text that tells what it does.\n");
    }
    StrAppend(&text, "\n");
  });
}

std::string RpmDatabase() {
  constexpr size_t kPackages = 10'000;
  std::vector<std::string> headers;
  for (size_t i = 0; i < kPackages; ++i) {
    agent::extract::os::testing::HeaderSpec spec;
    spec.name = StrCat("some-package-", i);
    spec.padding = kDatabaseBytes / kPackages;
    headers.push_back(agent::extract::os::testing::MakeHeader(spec));
  }
  return agent::extract::os::testing::MakeSqlite(headers);
}

std::string Jar() {
  agent::extract::archive::testing::ZipBuilder zip;
  for (int i = 0; i < 400'000; ++i) {
    zip.Store(StrCat("com/example/some/package/Class", i, ".class"), "x");
  }
  return zip.BuildWide();
}

// A layer of one file.
LayerContent Of(const std::string& path, std::string (*content)()) {
  return [path, content](const TarWriter& write) {
    write(ArchiveBuilder().File(path, content()).bytes());
  };
}

void ManyFiles(const TarWriter& write) {
  for (int i = 0; i < 1'000'000; ++i) {
    write(ArchiveBuilder()
              .File(StrCat("srv/data/", i / 1000, "/file", i),
                    StrCat("content ", i))
              .bytes());
  }
}

// Programs' packages, each told by a file of its own.
void ManyPackages(const TarWriter& write) {
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = StrCat("some-package-", i);
    write(ArchiveBuilder()
              .File(StrCat("srv/web/node_modules/", name, "/package.json"),
                    StrCat("{\"name\":\"", name, "\",\"version\":\"1.", i,
                           ".0\",\"license\":\"MIT\"}"))
              .bytes());
  }
}

struct Case {
  const char* name;
  std::vector<LayerContent> layers;
};

std::vector<Case> Cases() {
  const LayerContent npm = Of("srv/app/package-lock.json", PackageLock);
  const LayerContent yarn = Of("srv/web/yarn.lock", YarnLock);
  return {
      {"package-lock.json of 20 MB", {npm}},
      {"yarn.lock of 20 MB", {yarn}},
      {"poetry.lock of 20 MB", {Of("srv/app/poetry.lock", PoetryLock)}},
      {"composer.lock of 20 MB", {Of("srv/app/composer.lock", ComposerLock)}},
      {"go.mod of 20 MB", {Of("srv/app/go.mod", GoMod)}},
      {"two of them, at once", {npm, yarn}},
      {"dpkg status of 200 MB", {Of("var/lib/dpkg/status", DpkgStatus)}},
      {"rpmdb.sqlite of 200 MB", {Of("var/lib/rpm/rpmdb.sqlite", RpmDatabase)}},
      {"jar of 400,000 entries", {Of("srv/app/app.jar", Jar)}},
      {"20,000 package.json", {ManyPackages}},
      {"1,000,000 small files", {ManyFiles}},
  };
}

// Whether it kept the bound.
bool Measure(const Case& image, const std::string& directory,
             const std::string& agent, const std::string& format,
             double bound) {
  std::string folder = directory + "/memory-1-";
  for (const char* c = image.name; *c != '\0'; ++c) {
    folder += *c == ' ' || *c == '/' ? '-' : *c;
  }
  const BenchImage made = MakeImageOf(folder, image.layers);
  const Measurement measured = MeasureProgram(
      {agent, "inspect", "oci:" + made.directory, "--format", format});
  const double mebibytes =
      static_cast<double>(measured.peak_memory) / kMebibyte;
  const bool kept = mebibytes <= bound;
  std::printf("%-28s %8.2f %8.2f %8.1f%s\n", image.name, measured.wall_seconds,
              measured.cpu_seconds, mebibytes,
              kept ? "" : "  more than the bound");
  std::fflush(stdout);
  return kept;
}

}  // namespace
}  // namespace landwaiter::bench

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::string agent =
      (fs::read_symlink("/proc/self/exe").parent_path() / "landwaiter-agent")
          .string();
  std::string directory =
      (fs::temp_directory_path() / "landwaiter-bench").string();
  std::string format = "json";
  double bound = 64;
  CLI::App app(
      "Measures the memory that landwaiter-agent inspect takes for images that "
      "are made to take much, all its processes together. Fails if one takes "
      "more than the bound.");
  app.add_option("--agent", agent, "the program, of the release preset")
      ->capture_default_str();
  app.add_option("--directory", directory, "where images are made and kept")
      ->capture_default_str();
  app.add_option("--format", format, "what inspect prints")
      ->capture_default_str();
  app.add_option("--mebibytes", bound, "the bound")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  std::printf("%-28s %8s %8s %8s\n", "", "wall s", "CPU s", "PSS MiB");
  bool kept = true;
  for (const landwaiter::bench::Case& image : landwaiter::bench::Cases()) {
    kept = landwaiter::bench::Measure(image, directory, agent, format, bound) &&
           kept;
  }
  return kept ? 0 : 1;
}
