#include "core/http/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::http {

absl::StatusOr<std::vector<std::string>> ResolveHost(const std::string& host) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    return base::Failure(
        base::FailureCode::kNetworkConnectError,
        base::StrCat("the name ", base::Printable(host),
                     " cannot be resolved: ", gai_strerror(error)),
        "Dns");
  }
  std::vector<std::string> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(each->ai_addr, each->ai_addrlen, text, sizeof(text),
                    nullptr, 0, NI_NUMERICHOST) == 0 &&
        std::find(addresses.begin(), addresses.end(), text) ==
            addresses.end()) {
      addresses.emplace_back(text);
    }
  }
  freeaddrinfo(found);
  return addresses;
}

}  // namespace landwaiter::http
