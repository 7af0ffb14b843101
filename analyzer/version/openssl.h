#ifndef LANDWAITER_ANALYZER_VERSION_OPENSSL_H_
#define LANDWAITER_ANALYZER_VERSION_OPENSSL_H_

#include <compare>
#include <string_view>

namespace landwaiter::analyzer::version {

// OpenSSL's order: up to 1.1.1 a letter, and another behind "z", marks a patch
// ("0.9.8y" < "0.9.8z" < "0.9.8za"); a word behind a hyphen marks a
// pre-release ("3.0.0-beta2").
std::weak_ordering CompareOpenssl(std::string_view a, std::string_view b);

}  // namespace landwaiter::analyzer::version

#endif  // LANDWAITER_ANALYZER_VERSION_OPENSSL_H_
