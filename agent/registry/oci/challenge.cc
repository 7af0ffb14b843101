#include "agent/registry/oci/challenge.h"

#include "absl/strings/ascii.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry::oci {
namespace {

constexpr size_t kMaxHeader = 8192;
constexpr size_t kMaxParameters = 16;

bool IsTokenChar(char c) {
  return absl::ascii_isalnum(c) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// Reads a header's text from the left.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void SkipSpacesAndCommas() {
    while (!text_.empty() &&
           (text_[0] == ',' || text_[0] == ' ' || text_[0] == '\t')) {
      text_.remove_prefix(1);
    }
  }
  void SkipSpaces() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\t')) {
      text_.remove_prefix(1);
    }
  }
  bool Take(char c) {
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string Token() {
    size_t n = 0;
    while (n < text_.size() && IsTokenChar(text_[n])) ++n;
    std::string token(text_.substr(0, n));
    text_.remove_prefix(n);
    return token;
  }
  std::string Value() {
    if (!Take('"')) return Token();
    std::string value;
    while (!text_.empty() && text_[0] != '"') {
      if (text_[0] == '\\' && text_.size() > 1) text_.remove_prefix(1);
      value += text_[0];
      text_.remove_prefix(1);
    }
    Take('"');
    return value;
  }
  bool empty() const { return text_.empty(); }
  void Drop() { text_.remove_prefix(text_.empty() ? 0 : 1); }

 private:
  std::string_view text_;
};

void ReadHeader(std::string_view text, std::vector<Challenge>& challenges) {
  Reader reader(text.substr(0, kMaxHeader));
  while (true) {
    reader.SkipSpacesAndCommas();
    if (reader.empty()) return;
    const std::string token = base::ToLower(reader.Token());
    if (token.empty()) {
      reader.Drop();
      continue;
    }
    reader.SkipSpaces();
    if (!reader.Take('=')) {
      challenges.push_back({token, {}});
      continue;
    }
    reader.SkipSpaces();
    std::string value = reader.Value();
    if (!challenges.empty() &&
        challenges.back().parameters.size() < kMaxParameters) {
      challenges.back().parameters.emplace(token, std::move(value));
    }
  }
}

}  // namespace

const std::string& Challenge::Parameter(const std::string& name) const {
  static const std::string kNone;
  const auto found = parameters.find(name);
  return found == parameters.end() ? kNone : found->second;
}

std::vector<Challenge> ReadChallenges(const http::Headers& headers) {
  std::vector<Challenge> challenges;
  for (const auto& [name, value] : headers) {
    if (base::EqualsIgnoreCase(name, "WWW-Authenticate")) {
      ReadHeader(value, challenges);
    }
  }
  return challenges;
}

}  // namespace landwaiter::agent::registry::oci
