#include "agent/inspect/license.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "core/base/strings.h"

namespace landwaiter::agent::inspect {
namespace {

constexpr std::string_view kLicenses[] = {
    "0BSD",
    "AFL-2.1",
    "AFL-3.0",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "Apache-1.1",
    "Apache-2.0",
    "Artistic-1.0-Perl",
    "Artistic-2.0",
    "BlueOak-1.0.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-2-Clause-Patent",
    "BSD-3-Clause",
    "BSD-4-Clause",
    "BSL-1.0",
    "bzip2-1.0.6",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "CDDL-1.0",
    "CDDL-1.1",
    "CPL-1.0",
    "curl",
    "ECL-2.0",
    "EPL-1.0",
    "EPL-2.0",
    "EUPL-1.2",
    "FSFAP",
    "FTL",
    "GFDL-1.3-only",
    "GFDL-1.3-or-later",
    "GPL-1.0-only",
    "GPL-1.0-or-later",
    "GPL-2.0",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "HPND",
    "ICU",
    "ISC",
    "LGPL-2.0-only",
    "LGPL-2.0-or-later",
    "LGPL-2.1",
    "LGPL-2.1-only",
    "LGPL-2.1-or-later",
    "LGPL-3.0",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "libpng-2.0",
    "libtiff",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "MPL-1.1",
    "MPL-2.0",
    "NCSA",
    "OFL-1.1",
    "OLDAP-2.8",
    "OpenSSL",
    "PHP-3.01",
    "PostgreSQL",
    "PSF-2.0",
    "Python-2.0",
    "Ruby",
    "Sleepycat",
    "TCL",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "UPL-1.0",
    "Vim",
    "W3C",
    "WTFPL",
    "X11",
    "Zlib",
    "zlib-acknowledgement",
    "ZPL-2.1",
};
constexpr std::string_view kExceptions[] = {
    "Autoconf-exception-3.0", "Bison-exception-2.2", "Classpath-exception-2.0",
    "GCC-exception-3.1",      "Linux-syscall-note",  "LLVM-exception",
};

// The known name that `text` is, whatever its case.
template <size_t N>
std::optional<std::string_view> Known(const std::string_view (&names)[N],
                                      std::string_view text) {
  const auto found = std::find_if(
      std::begin(names), std::end(names),
      [&](auto name) { return base::EqualsIgnoreCase(name, text); });
  if (found == std::end(names)) return std::nullopt;
  return *found;
}

// Parentheses are words of their own.
std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (size_t at = 0; at < text.size();) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    size_t end = at + 1;
    if (text[at] != '(' && text[at] != ')') {
      end = std::min(text.find_first_of(" ()", at), text.size());
    }
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

// Reads words by annex D's grammar and puts them together again.
class Expression {
 public:
  explicit Expression(std::string_view text) : words_(Words(text)) {}

  std::optional<std::string> Read() {
    if (words_.size() > kMaxWords || !ReadCompound(0) || at_ != words_.size()) {
      return std::nullopt;
    }
    return text_;
  }

 private:
  static constexpr size_t kMaxWords = 100;
  static constexpr int kMaxDepth = 10;

  bool Take(std::string_view word) {
    if (at_ == words_.size() || !base::EqualsIgnoreCase(words_[at_], word)) {
      return false;
    }
    ++at_;
    return true;
  }

  bool ReadCompound(int depth) {
    if (!ReadTerm(depth)) return false;
    while (true) {
      if (Take("AND")) {
        text_ += " AND ";
      } else if (Take("OR")) {
        text_ += " OR ";
      } else {
        return true;
      }
      if (!ReadTerm(depth)) return false;
    }
  }

  bool ReadTerm(int depth) {
    if (Take("(")) {
      text_ += '(';
      if (depth == kMaxDepth || !ReadCompound(depth + 1) || !Take(")")) {
        return false;
      }
      text_ += ')';
      return true;
    }
    return ReadLicense();
  }

  bool ReadLicense() {
    if (at_ == words_.size()) return false;
    std::string_view word = words_[at_++];
    const bool or_later = word.ends_with('+');
    if (or_later) word.remove_suffix(1);
    const auto license = Known(kLicenses, word);
    if (!license) return false;
    text_ += *license;
    if (or_later) text_ += '+';
    if (!Take("WITH")) return true;
    if (at_ == words_.size()) return false;
    const auto exception = Known(kExceptions, words_[at_++]);
    if (!exception) return false;
    base::StrAppend(&text_, " WITH ", *exception);
    return true;
  }

  const std::vector<std::string_view> words_;
  size_t at_ = 0;
  std::string text_;
};

}  // namespace

std::optional<std::string> SpdxExpression(std::string_view text) {
  return Expression(text).Read();
}

bool IsSingleLicense(std::string_view expression) {
  return expression.find_first_of(" (+") == expression.npos;
}

}  // namespace landwaiter::agent::inspect
