#include "core/http/client.h"

#include "core/base/strings.h"

namespace landwaiter::http {

const std::string* FindHeader(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (base::EqualsIgnoreCase(key, name)) return &value;
  }
  return nullptr;
}

}  // namespace landwaiter::http
