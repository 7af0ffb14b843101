#include "agent/source/redact.h"

#include <algorithm>
#include <iterator>

#include "agent/source/secret_spans.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

// Shorter texts occur by chance, and so do values that are no secrets.
constexpr size_t kLeastRemembered = 6;
constexpr size_t kMostRemembered = 200;

// In a name without its separators.
constexpr std::string_view kWords[] = {
    "password",   "passwd",           "passphrase", "secret",
    "token",      "apikey",           "accesskey",  "privatekey",
    "credential", "connectionstring", "signingkey", "encryptionkey",
    "masterkey",
};
// A part of a name by itself.
constexpr std::string_view kParts[] = {"pass", "pwd", "auth", "key",
                                       "dsn",  "sas", "pat",  "pw"};
// Are no secrets, though they look so: GPG keys are named by fingerprints.
constexpr std::string_view kHarmless[] = {"pwd",      "oldpwd",     "gpg_key",
                                          "gpg_keys", "public_key", "key"};

bool IsSeparator(char c) { return c == '_' || c == '-' || c == '.'; }

}  // namespace

bool IsSecretName(std::string_view name) {
  while (!name.empty() && IsSeparator(name.front())) name.remove_prefix(1);
  if (name.empty() || name.size() > 200) return false;
  const std::string lower = base::ToLower(name);
  if (std::find(std::begin(kHarmless), std::end(kHarmless), lower) !=
      std::end(kHarmless)) {
    return false;
  }
  std::string joined;
  std::string part;
  bool is_part = false;
  const auto end_part = [&] {
    is_part = is_part || std::find(std::begin(kParts), std::end(kParts),
                                   part) != std::end(kParts);
    part.clear();
  };
  for (const char c : lower) {
    if (IsSeparator(c)) {
      end_part();
    } else {
      joined += c;
      part += c;
    }
  }
  end_part();
  return is_part || std::any_of(std::begin(kWords), std::end(kWords),
                                [&](std::string_view word) {
                                  return base::Contains(joined, word);
                                });
}

void Redactor::Remember(std::string_view secret) {
  if (secret.size() < kLeastRemembered || known_.size() >= kMostRemembered ||
      std::find(known_.begin(), known_.end(), secret) != known_.end()) {
    return;
  }
  // A secret within another one must not leave the rest of it.
  const auto place = std::find_if(
      known_.begin(), known_.end(),
      [&](const std::string& known) { return known.size() < secret.size(); });
  known_.emplace(place, secret);
}

void Redactor::Learn(std::string_view text) {
  for (const Span& span : FindSecrets(text)) {
    Remember(text.substr(span.begin, span.end - span.begin));
  }
}

void Redactor::LearnValue(std::string_view name, std::string_view value) {
  if (IsSecretName(name)) Remember(value);
  Learn(value);
}

std::string Redactor::Text(std::string_view text) const {
  std::string result;
  size_t done = 0;
  for (const Span& span : FindSecrets(text)) {
    result += text.substr(done, span.begin - done);
    result += kRedacted;
    done = span.end;
  }
  result += text.substr(done);
  for (const std::string& known : known_) {
    for (size_t at = result.find(known); at != result.npos;
         at = result.find(known, at + kRedacted.size())) {
      result.replace(at, known.size(), kRedacted);
    }
  }
  return result;
}

std::string Redactor::Value(std::string_view name,
                            std::string_view value) const {
  if (IsSecretName(name) && !value.empty()) return std::string(kRedacted);
  return Text(value);
}

std::vector<std::string> Redactor::Arguments(
    const std::vector<std::string>& arguments) const {
  std::vector<std::string> result;
  bool secret = false;
  for (const std::string& argument : arguments) {
    result.push_back(secret && !argument.starts_with('-')
                         ? std::string(kRedacted)
                         : Text(argument));
    secret = argument.starts_with('-') && IsSecretName(argument);
  }
  return result;
}

}  // namespace landwaiter::agent::source
