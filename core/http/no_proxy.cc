#include "core/http/no_proxy.h"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "core/base/strings.h"

namespace landwaiter::http {
namespace {

// An address as 16 bytes (an IPv4 one mapped) and how many bits come before
// it in a prefix length.
struct Address {
  std::array<uint8_t, 16> bytes{};
  int offset_bits = 0;
};

std::optional<Address> ReadAddress(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
  }
  const std::string owned(text);
  Address address;
  if (inet_pton(AF_INET6, owned.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  address.bytes[10] = address.bytes[11] = 0xFF;
  address.offset_bits = 96;
  if (inet_pton(AF_INET, owned.c_str(), address.bytes.data() + 12) == 1) {
    return address;
  }
  return std::nullopt;
}

bool InBlock(const Address& address, const Address& block, int bits) {
  for (int i = 0; i < 16 && bits > 0; ++i, bits -= 8) {
    const uint8_t mask =
        bits >= 8 ? 0xFF : static_cast<uint8_t>(0xFF << (8 - bits));
    if ((address.bytes[i] ^ block.bytes[i]) & mask) return false;
  }
  return true;
}

bool MatchesAddress(std::string_view entry, const Address& address) {
  const auto slash = base::SplitOnce(entry, '/');
  const auto block = ReadAddress(slash ? slash->first : entry);
  if (!block) return false;
  if (!slash) return block->bytes == address.bytes;
  const auto bits = base::ParseUint64(slash->second);
  const int limit = 128 - block->offset_bits;
  return bits && *bits <= static_cast<uint64_t>(limit) &&
         InBlock(address, *block, block->offset_bits + static_cast<int>(*bits));
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
  if (const auto address = ReadAddress(host)) {
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
