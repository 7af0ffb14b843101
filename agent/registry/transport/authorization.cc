#include "agent/registry/transport/authorization.h"

#include "absl/strings/escaping.h"
#include "core/base/strings.h"

namespace landwaiter::agent::registry {

http::Headers BasicHeaders(const Credentials& credentials) {
  if (credentials.empty()) return {};
  return {
      {"Authorization", base::StrCat("Basic ", absl::Base64Escape(base::StrCat(
                                                   credentials.username, ":",
                                                   credentials.password)))}};
}

}  // namespace landwaiter::agent::registry
