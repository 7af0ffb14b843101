#include "core/http/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::http {
namespace {

absl::Status NotResolved(const std::string& host, std::string_view why,
                         std::string_view cause = "Dns") {
  return base::Failure(base::FailureCode::kNetworkConnectError,
                       base::StrCat("the name ", base::Printable(host),
                                    " cannot be resolved: ", why),
                       cause);
}

// getaddrinfo's answer, each address once; its error code else.
int LookUp(const std::string& host, int flags,
           std::vector<std::string>& addresses) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found)) {
    return error;
  }
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
  return 0;
}

// A lookup that its caller may have given up.
struct Lookup {
  absl::Notification done;
  absl::StatusOr<std::vector<std::string>> answer;
};

std::atomic<int> lookups{0};

}  // namespace

std::string NumericAddress(const std::string& host) {
  std::vector<std::string> addresses;
  if (LookUp(host, AI_NUMERICHOST, addresses) != 0 || addresses.empty()) {
    return "";
  }
  return addresses.front();
}

absl::StatusOr<std::vector<std::string>> ResolveHost(const std::string& host) {
  std::vector<std::string> addresses;
  if (const int error = LookUp(host, 0, addresses)) {
    return NotResolved(host, gai_strerror(error));
  }
  return addresses;
}

absl::StatusOr<std::vector<std::string>> ResolveWithin(Resolver resolver,
                                                       const std::string& host,
                                                       absl::Duration timeout) {
  if (lookups.fetch_add(1) >= kMaxLookups) {
    --lookups;
    return NotResolved(host, "too many lookups have no answer yet");
  }
  auto lookup = std::make_shared<Lookup>();
  try {
    std::thread([lookup, host, resolver = std::move(resolver)] {
      lookup->answer = resolver(host);
      --lookups;
      lookup->done.Notify();
    }).detach();
  } catch (const std::system_error& error) {
    --lookups;
    return NotResolved(host, error.what());
  }
  if (!lookup->done.WaitForNotificationWithTimeout(timeout)) {
    return NotResolved(
        host,
        base::StrCat("no answer came within ", absl::FormatDuration(timeout)),
        "Timeout");
  }
  if (lookup->answer.ok() && lookup->answer->empty()) {
    return NotResolved(host, "it has no address");
  }
  return std::move(lookup->answer);
}

}  // namespace landwaiter::http
