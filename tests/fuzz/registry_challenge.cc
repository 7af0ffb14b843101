// WWW-Authenticate; each line is a header of its own.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/registry/oci/challenge.h"
#include "core/base/strings.h"

namespace {

bool IsLower(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  landwaiter::http::Headers headers;
  for (const std::string_view line : landwaiter::base::Split(bytes, '\n')) {
    headers.emplace_back("WWW-Authenticate", line);
  }
  for (const auto& challenge :
       landwaiter::agent::registry::oci::ReadChallenges(headers)) {
    if (challenge.scheme.empty() || !IsLower(challenge.scheme)) std::abort();
    for (const auto& [name, value] : challenge.parameters) {
      if (name.empty() || !IsLower(name) || value.size() > size) std::abort();
    }
    challenge.Parameter("realm");
  }
  return 0;
}
