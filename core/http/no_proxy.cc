#include "core/http/no_proxy.h"

#include <string>

#include "core/base/strings.h"
#include "core/http/ip_address.h"

namespace landwaiter::http {
namespace {

bool MatchesAddress(std::string_view entry, const IpAddress& address) {
  const auto block = ReadIpBlock(entry);
  return block && block->Contains(address);
}

bool MatchesName(std::string_view entry, std::string_view host) {
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (!entry.starts_with('.')) {
    if (host == entry) return true;
    return host.size() > entry.size() && host.ends_with(entry) &&
           host[host.size() - entry.size() - 1] == '.';
  }
  return host.ends_with(entry) && host.size() > entry.size();
}

bool Matches(std::string_view entry, std::string_view host, int port) {
  if (entry == "*") return true;
  if (const auto address = ReadIpAddress(host)) {
    if (MatchesAddress(entry, *address)) return true;
  }
  const size_t colon = entry.rfind(':');
  if (colon != entry.npos) {
    const auto wanted = base::ParseUint64(entry.substr(colon + 1));
    if (!wanted || *wanted != static_cast<uint64_t>(port)) return false;
    return Matches(entry.substr(0, colon), host, port);
  }
  return MatchesName(entry, host);
}

}  // namespace

bool BypassesProxy(std::string_view no_proxy, std::string_view host, int port) {
  const std::string lower = base::ToLower(host);
  for (const std::string_view part : base::Split(no_proxy, ',')) {
    const std::string entry = base::ToLower(base::Strip(part));
    if (!entry.empty() && Matches(entry, lower, port)) return true;
  }
  return false;
}

}  // namespace landwaiter::http
