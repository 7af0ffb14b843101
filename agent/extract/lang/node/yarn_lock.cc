#include "agent/extract/lang/node/yarn_lock.h"

#include <string>
#include <utility>

#include "agent/extract/lang/formats.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::lang {
namespace {

std::string_view Unquote(std::string_view text) {
  text = base::Strip(text);
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

// "name@what" apart, for a name that may begin with "@".
std::pair<std::string_view, std::string_view> SplitName(std::string_view text) {
  const size_t at = text.find('@', 1);
  if (at == text.npos) return {};
  return {text.substr(0, at), text.substr(at + 1)};
}

// Both generations have an entry for each package: a line at the margin with
// all that asks for it, then its members, two blanks in.
//   "a@^1.0, a@^1.2":              Yarn 1
//     version "1.2.3"
//   "a@npm:^1.0, a@npm:^1.2":      later
//     version: 1.2.3
//     resolution: "a@npm:1.2.3"
class Parser {
 public:
  explicit Parser(PackageList& packages) : packages_(packages) {}

  absl::Status Parse(File& file) {
    text::LineReader lines(file);
    while (true) {
      LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
      if (!line.has_value()) return EndEntry();
      if (line->empty() || line->front() == '#') continue;
      if (line->front() != ' ') {
        LANDWAITER_RETURN_IF_ERROR(EndEntry());
        BeginEntry(*line, lines.number());
      } else if (line->starts_with("  ") && !line->starts_with("   ")) {
        TakeMember(base::Strip(*line));
      }
    }
  }

 private:
  void BeginEntry(std::string_view line, uint64_t number) {
    line = base::Strip(line);
    if (!line.ends_with(':')) {
      // Damage in a lock file; a file of another kind has no entries.
      if (entries_ > 0) {
        packages_.problems().Add(base::StrCat(
            "line ", number, ": not an entry: ", base::Printable(line, 64)));
      }
      return;
    }
    ++entries_;
    line.remove_suffix(1);
    // One pattern tells what all do.
    line = line.substr(0, line.find(','));
    if (line.starts_with('"')) line.remove_prefix(1);
    pattern_ = line.substr(0, line.find('"'));
  }

  void TakeMember(std::string_view line) {
    const size_t end = line.find(' ');
    if (end == line.npos) return;
    std::string_view key = line.substr(0, end);
    if (key.ends_with(':')) key.remove_suffix(1);
    key = Unquote(key);
    if (key == "version") version_ = Unquote(line.substr(end));
    if (key == "resolution") resolution_ = Unquote(line.substr(end));
  }

  absl::Status EndEntry() {
    const std::string pattern = std::exchange(pattern_, {});
    const std::string resolution = std::exchange(resolution_, {});
    model::Package package = Declared("npm");
    package.version = std::exchange(version_, {});
    package.name = resolution.empty() ? NameOfPattern(pattern)
                                      : NameOfResolution(resolution);
    return Keep(std::move(package), packages_);
  }

  // Empty for what no registry has.
  static std::string_view NameOfResolution(std::string_view resolution) {
    const auto [name, what] = SplitName(resolution);
    return what.starts_with("npm:") ? name : std::string_view();
  }

  static std::string_view NameOfPattern(std::string_view pattern) {
    auto [name, range] = SplitName(pattern);
    if (range.starts_with("npm:")) {
      // An alias: "mine@npm:theirs@^1.0".
      range.remove_prefix(4);
      const auto [theirs, version] = SplitName(range);
      if (theirs.empty() && range.starts_with('@')) return range;
      return theirs.empty() ? name : theirs;
    }
    // "file:", "git+https:", "user/repository"; a range has neither.
    const bool elsewhere = range.find_first_of(":/") != range.npos;
    return elsewhere ? std::string_view() : name;
  }

  PackageList& packages_;
  uint64_t entries_ = 0;
  std::string pattern_;
  std::string version_;
  std::string resolution_;
};

}  // namespace

absl::Status ReadYarnLock(std::string_view, File& file, PackageList& packages) {
  return Parser(packages).Parse(file);
}

}  // namespace landwaiter::agent::extract::lang
