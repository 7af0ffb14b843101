#include "agent/extract/lang/gomod/gomod.h"

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::lang {
namespace {

// The words of a line, without a comment and quotes.
std::vector<std::string> Words(std::string_view line) {
  line = line.substr(0, line.find("//"));
  std::vector<std::string> words;
  while (true) {
    line = base::Strip(line);
    if (line.empty()) return words;
    size_t end = line.find_first_of(" \t");
    if (end == line.npos) end = line.size();
    std::string_view word = line.substr(0, end);
    line.remove_prefix(end);
    if (word.size() > 1 && (word.front() == '"' || word.front() == '`') &&
        word.back() == word.front()) {
      word = word.substr(1, word.size() - 2);
    }
    words.emplace_back(word);
  }
}

class Parser {
 public:
  explicit Parser(PackageList& packages) : packages_(packages) {}

  absl::Status Parse(File& file) {
    text::LineReader lines(file);
    while (true) {
      LANDWAITER_ASSIGN_OR_RETURN(const auto line, lines.Next());
      if (!line.has_value()) return Finish();
      TakeLine(Words(*line));
      if (replaced_.size() > kMaxReplaced || required_.size() > kMaxRequired) {
        packages_.problems().Add("too many lines");
        return Finish();
      }
    }
  }

 private:
  // Kubernetes has about 200 of the one, and 400 of the other.
  static constexpr size_t kMaxReplaced = 10'000;
  static constexpr size_t kMaxRequired = 50'000;

  struct Module {
    std::string path;
    std::string version;  // empty for a folder
    auto operator<=>(const Module&) const = default;
  };

  void TakeLine(std::vector<std::string> words) {
    if (words.empty()) return;
    if (words[0] == ")") {
      block_.clear();
    } else if (words.size() == 2 && words[1] == "(") {
      block_ = words[0];
    } else if (!block_.empty()) {
      Take(block_, words);
    } else {
      const std::string directive = std::move(words[0]);
      words.erase(words.begin());
      Take(directive, words);
    }
  }

  void Take(std::string_view directive, const std::vector<std::string>& words) {
    if (directive == "require" && words.size() == 2) {
      required_.push_back({words[0], words[1]});
    } else if (directive == "exclude" && words.size() == 2) {
      replaced_[{words[0], words[1]}] = {};
    } else if (directive == "replace") {
      TakeReplacement(words);
    }
  }

  // "path [version] => path version" or "=> folder"
  void TakeReplacement(const std::vector<std::string>& words) {
    size_t arrow = 0;
    while (arrow < words.size() && words[arrow] != "=>") ++arrow;
    const size_t behind = words.size() - arrow;
    if (arrow < 1 || arrow > 2 || behind < 2 || behind > 3) return;
    const Module from = {words[0], arrow == 2 ? words[1] : std::string()};
    const bool folder = behind == 2;
    replaced_[from] =
        folder ? Module{} : Module{words[arrow + 1], words[arrow + 2]};
  }

  // One of a version goes before one of every version.
  const Module& Replace(const Module& module) const {
    auto found = replaced_.find(module);
    if (found == replaced_.end()) found = replaced_.find({module.path, ""});
    return found == replaced_.end() ? module : found->second;
  }

  absl::Status Finish() {
    for (const Module& required : required_) {
      const Module& module = Replace(required);
      model::Package package = Declared("golang");
      package.name = module.path;
      package.version = module.version;
      LANDWAITER_RETURN_IF_ERROR(Keep(std::move(package), packages_));
    }
    return absl::OkStatus();
  }

  PackageList& packages_;
  std::string block_;  // the directive of the block that is open
  std::vector<Module> required_;
  std::map<Module, Module> replaced_;
};

absl::Status ReadMod(std::string_view, File& file, PackageList& packages) {
  return Parser(packages).Parse(file);
}

bool IsMod(std::string_view path) {
  return Named(path, "go.mod") && !Below(path, "pkg/mod") &&
         !Below(path, "vendor") && !Below(path, "testdata");
}

constexpr std::array<Format, 1> kFormats = {{{IsMod, ReadMod}}};

}  // namespace

Gomod::Gomod() : Formats("lang/gomod", 1, kFormats) {}

}  // namespace landwaiter::agent::extract::lang
