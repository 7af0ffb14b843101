#ifndef LANDWAITER_AGENT_SOURCE_REDACT_H_
#define LANDWAITER_AGENT_SOURCE_REDACT_H_

#include <string>
#include <string_view>
#include <vector>

namespace landwaiter::agent::source {

// What stands where a secret stood.
inline constexpr std::string_view kRedacted = "[redacted]";

// Whether what is called so (a variable, a flag, a label) is a secret by its
// name: "DB_PASSWORD", "--api-key", "npm.token".
bool IsSecretName(std::string_view name);

// Takes secrets out of an image's configuration before it leaves the scan
// component. A secret is known by the name that it is given ("TOKEN=x",
// "--password x", "Authorization: Bearer x"), by its form (keys of clouds and
// of forges, JSON web tokens, private keys, passwords in URLs), or because the
// same text was a secret elsewhere in the configuration: so first everything
// is learnt, then everything is redacted. It errs towards redacting. Not
// thread-safe.
class Redactor {
 public:
  // Remembers the secrets in a text, and a value that is one by its name.
  void Learn(std::string_view text);
  void LearnValue(std::string_view name, std::string_view value);

  // The text without its secrets.
  std::string Text(std::string_view text) const;
  // A variable's or label's value.
  std::string Value(std::string_view name, std::string_view value) const;
  // A command's arguments: a secret may be the one behind its flag.
  std::vector<std::string> Arguments(
      const std::vector<std::string>& arguments) const;

 private:
  void Remember(std::string_view secret);

  std::vector<std::string> known_;  // longest first
};

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_REDACT_H_
