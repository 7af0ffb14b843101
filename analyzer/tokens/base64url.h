#ifndef LANDWAITER_ANALYZER_TOKENS_BASE64URL_H_
#define LANDWAITER_ANALYZER_TOKENS_BASE64URL_H_

#include <optional>
#include <string>
#include <string_view>

namespace landwaiter::analyzer::tokens {

// RFC 4648, section 5, without padding, as JWS (RFC 7515) has it.
std::string Base64UrlEncode(std::string_view bytes);
// nullopt for padding, other characters, and bits that stand for nothing: one
// byte string has one encoding.
std::optional<std::string> Base64UrlDecode(std::string_view text);

}  // namespace landwaiter::analyzer::tokens

#endif  // LANDWAITER_ANALYZER_TOKENS_BASE64URL_H_
