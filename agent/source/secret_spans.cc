#include "agent/source/secret_spans.h"

#include <algorithm>
#include <iterator>

#include "agent/source/redact.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`'; }

// The end of what is made of name's and base64's characters.
size_t EndOfToken(std::string_view text, size_t at) {
  while (at < text.size() && (IsNameChar(text[at]) || text[at] == '+' ||
                              text[at] == '/' || text[at] == '=')) {
    ++at;
  }
  return at;
}

// The value that begins at `at`: up to its closing quote, or to what ends a
// word in a shell, a list or an object.
Span ValueAt(std::string_view text, size_t at) {
  if (at < text.size() && text[at] == '\\') ++at;  // an escaped quote
  if (at < text.size() && IsQuote(text[at])) {
    const size_t close = text.find(text[at], at + 1);
    size_t end = std::min(close, text.size());
    if (end > at + 1 && text[end - 1] == '\\') --end;
    return {at + 1, end};
  }
  const size_t end = text.find_first_of(" \t\r\n\"'`;&|,)}", at);
  return {at, std::min(end, text.size())};
}

// "$NAME" and "${NAME}" tell where a secret is, not what.
bool IsReference(std::string_view value) {
  if (value.size() < 2 || value[0] != '$') return false;
  const char c = value[1];
  return c == '{' || c == '(' || c == '_' || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z');
}

class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text) {}

  std::vector<Span> Find() && {
    FindAssignments();
    FindFlags();
    FindUrls();
    FindSchemes();
    FindTokens();
    FindPrivateKeys();
    return Merged();
  }

 private:
  void Add(Span span) {
    if (span.begin < span.end &&
        !IsReference(text_.substr(span.begin, span.end - span.begin))) {
      spans_.push_back(span);
    }
  }

  // NAME=value, NAME: value, "NAME": "value".
  void FindAssignments() {
    for (size_t at = text_.find_first_of("=:"); at != text_.npos;
         at = text_.find_first_of("=:", at + 1)) {
      size_t end = at;
      while (end > 0 && (IsQuote(text_[end - 1]) || text_[end - 1] == '\\')) {
        --end;
      }
      size_t begin = end;
      while (begin > 0 && IsNameChar(text_[begin - 1])) --begin;
      if (!IsSecretName(text_.substr(begin, end - begin))) continue;
      size_t value = at + 1;
      if (text_[at] == ':') {
        value = std::min(text_.find_first_not_of(kSpace, value), text_.size());
        if (text_.substr(value).starts_with("//")) continue;
      }
      const Span span = ValueAt(text_, value);
      Add(span);
      // What is in the value needs no look of its own; and each byte is looked
      // at once, however the text is made.
      at = std::max(at, span.end == 0 ? 0 : span.end - 1);
    }
  }

  // --name value, and curl's -u user:password.
  void FindFlags() {
    for (size_t at = text_.find('-'); at != text_.npos;
         at = text_.find('-', at + 1)) {
      const bool starts_word =
          at == 0 || base::Contains(kSpace, text_.substr(at - 1, 1));
      if (!starts_word) continue;
      const size_t end =
          std::min(text_.find_first_of(kSpace, at), text_.size());
      const std::string_view flag = text_.substr(at, end - at);
      const size_t next = text_.find_first_not_of(kSpace, end);
      if (next == text_.npos || text_[next] == '-') continue;
      if (IsSecretName(flag)) Add(ValueAt(text_, next));
      if (flag == "-u" || flag == "--user") {
        const Span value = ValueAt(text_, next);
        const size_t colon = text_.find(':', value.begin);
        if (colon < value.end) Add({colon + 1, value.end});
      }
      at = end - 1;
    }
  }

  // scheme://user:password@host, scheme://token@host.
  void FindUrls() {
    for (size_t at = text_.find("://"); at != text_.npos;
         at = text_.find("://", at + 3)) {
      const size_t begin = at + 3;
      const size_t end = std::min(
          text_.find_first_of(" \t\r\n\"'`/?#<>", begin), text_.size());
      const std::string_view authority = text_.substr(begin, end - begin);
      const size_t sign = authority.rfind('@');
      if (sign == authority.npos) continue;
      const size_t colon = authority.find(':');
      const size_t secret = colon < sign ? colon + 1 : 0;
      constexpr size_t kLongestUser = 16;
      if (secret > 0 || sign > kLongestUser)
        Add({begin + secret, begin + sign});
    }
  }

  // Authorization's Bearer and Basic.
  void FindSchemes() {
    const std::string lower = base::ToLower(text_);
    for (std::string_view scheme : {"bearer ", "basic "}) {
      for (size_t at = lower.find(scheme); at != lower.npos;
           at = lower.find(scheme, at + 1)) {
        const size_t begin = at + scheme.size();
        const size_t end = EndOfToken(text_, begin);
        if (end - begin >= 8) Add({begin, end});
      }
    }
  }

  // Known by how they begin, and by how long they are at least.
  void FindTokens() {
    struct Form {
      std::string_view start;
      size_t least;
    };
    static constexpr Form kForms[] = {
        {"AKIA", 20},
        {"ASIA", 20},
        {"AIza", 35},
        {"ghp_", 30},
        {"gho_", 30},
        {"ghu_", 30},
        {"ghs_", 30},
        {"ghr_", 30},
        {"github_pat_", 40},
        {"glpat-", 20},
        {"gldt-", 20},
        {"glrt-", 20},
        {"xoxb-", 20},
        {"xoxp-", 20},
        {"xoxa-", 20},
        {"xapp-", 20},
        {"sk-", 24},
        {"sk_live_", 20},
        {"rk_live_", 20},
        {"npm_", 36},
        {"pypi-", 40},
        {"dckr_pat_", 20},
        {"hf_", 30},
        {"SG.", 40},
        {"LTAI", 16},
        {"eyJ", 40},
        {"dop_v1_", 40},
        {"shpat_", 30},
        {"AGE-SECRET-KEY-", 40},
    };
    for (const Form& form : kForms) {
      for (size_t at = text_.find(form.start); at != text_.npos;
           at = text_.find(form.start, at + 1)) {
        const bool starts_token = at == 0 || !IsNameChar(text_[at - 1]);
        const size_t end = EndOfToken(text_, at);
        if (starts_token && end - at >= form.least) Add({at, end});
        at = std::max(at, end - 1);
      }
    }
  }

  void FindPrivateKeys() {
    for (size_t at = text_.find("PRIVATE KEY"); at != text_.npos;
         at = text_.find("PRIVATE KEY", at + 1)) {
      const size_t close = text_.find("-----END", at);
      Add({at + std::string_view("PRIVATE KEY").size(),
           std::min(close, text_.size())});
      if (close == text_.npos) break;
      at = close;
    }
  }

  std::vector<Span> Merged() {
    std::sort(spans_.begin(), spans_.end(),
              [](const Span& a, const Span& b) { return a.begin < b.begin; });
    std::vector<Span> merged;
    for (const Span& span : spans_) {
      if (!merged.empty() && span.begin <= merged.back().end) {
        merged.back().end = std::max(merged.back().end, span.end);
      } else {
        merged.push_back(span);
      }
    }
    return merged;
  }

  const std::string_view text_;
  std::vector<Span> spans_;
};

}  // namespace

std::vector<Span> FindSecrets(std::string_view text) {
  return Finder(text).Find();
}

}  // namespace landwaiter::agent::source
