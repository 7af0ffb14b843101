#include "agent/extract/lang/ruby/ruby.h"

#include <array>
#include <string>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::lang {
namespace {

// Takes the next text in quotes off `line`; empty if there is none.
std::string_view TakeQuoted(std::string_view& line) {
  const size_t open = line.find_first_of("\"'");
  if (open == line.npos) return line = {};
  const size_t close = line.find(line[open], open + 1);
  if (close == line.npos) return line = {};
  const std::string_view text = line.substr(open + 1, close - open - 1);
  line.remove_prefix(close + 1);
  return text;
}

// RubyGems writes these files itself, an attribute a line:
//   Gem::Specification.new do |s|
//     s.name = "rake".freeze
class SpecificationParser {
 public:
  void TakeLine(std::string_view line) {
    line = base::Strip(line);
    if (line.starts_with("Gem::Specification.new")) {
      const size_t open = line.find('|');
      const size_t close = line.rfind('|');
      if (open == line.npos || close == open) return;
      variable_ = line.substr(open + 1, close - open - 1);
      return;
    }
    if (variable_.empty() || !line.starts_with(variable_)) return;
    line.remove_prefix(variable_.size());
    if (!line.starts_with('.')) return;
    const auto parts = base::SplitOnce(line.substr(1), '=');
    if (!parts.has_value()) return;
    Set(base::Strip(parts->first), base::Strip(parts->second));
  }

  model::Package Finish() {
    package_.type = "gem";
    return std::move(package_);
  }

 private:
  void Set(std::string_view attribute, std::string_view value) {
    if (attribute == "name") package_.name = TakeQuoted(value);
    if (attribute == "version") package_.version = TakeQuoted(value);
    if (attribute == "license" || attribute == "licenses") {
      package_.licenses.clear();
      while (true) {
        const std::string_view license = TakeQuoted(value);
        if (license.empty()) break;
        package_.licenses.emplace_back(license);
      }
    }
  }

  std::string variable_;
  model::Package package_;
};

absl::Status ReadSpecification(std::string_view, File& file,
                               PackageList& packages) {
  text::LineReader lines(file);
  SpecificationParser parser;
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line.has_value()) break;
    parser.TakeLine(*line);
  }
  return Keep(parser.Finish(), packages);
}

// Sections begin at the margin; a package stands four blanks in, what it needs
// six.
absl::Status ReadLock(std::string_view, File& file, PackageList& packages) {
  text::LineReader lines(file);
  bool wanted = false;
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line.has_value()) return absl::OkStatus();
    if (!line->empty() && line->front() != ' ') {
      const std::string_view section = base::Strip(*line);
      wanted = section == "GEM" || section == "GIT";
      continue;
    }
    if (!wanted || !line->starts_with("    ") || line->starts_with("     ")) {
      continue;
    }
    const std::string_view text = base::Strip(*line);
    const size_t open = text.find(" (");
    if (open == text.npos || !text.ends_with(')')) {
      packages.problems().Add(
          base::StrCat("line ", lines.number(),
                       ": not a package: ", base::Printable(text, 64)));
      continue;
    }
    const std::string_view version =
        text.substr(open + 2, text.size() - open - 3);
    model::Package package = Declared("gem");
    package.name = text.substr(0, open);
    package.version = version.substr(0, version.find('-'));
    LANDWAITER_RETURN_IF_ERROR(Keep(std::move(package), packages));
  }
}

bool IsSpecification(std::string_view path) {
  return path.ends_with(".gemspec") && Below(path, "specifications");
}

// Not those that gems bring along.
bool IsLock(std::string_view path) {
  return (Named(path, "Gemfile.lock") || Named(path, "gems.locked")) &&
         !Named(DirectoryOf(DirectoryOf(path)), "gems");
}

constexpr std::array<Format, 2> kFormats = {{
    {IsSpecification, ReadSpecification},
    {IsLock, ReadLock},
}};

}  // namespace

Ruby::Ruby() : Formats("lang/ruby", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
