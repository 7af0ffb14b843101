#include "core/http/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "core/base/strings.h"

namespace landwaiter::http {
namespace {

constexpr int kMappedBits = 96;  // ::ffff:0:0/96

}  // namespace

bool IpAddress::IsV4() const {
  return std::all_of(bytes.begin(), bytes.begin() + 10,
                     [](uint8_t byte) { return byte == 0; }) &&
         bytes[10] == 0xFF && bytes[11] == 0xFF;
}

IpAddress IpAddress::FromV4(const uint8_t* four_bytes) {
  IpAddress address;
  address.bytes[10] = address.bytes[11] = 0xFF;
  std::copy_n(four_bytes, 4, address.bytes.begin() + 12);
  return address;
}

std::optional<IpAddress> ReadIpAddress(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
  }
  const std::string owned(text.substr(0, text.find('%')));
  IpAddress address;
  if (inet_pton(AF_INET6, owned.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  uint8_t v4[4];
  if (owned.size() == text.size() &&
      inet_pton(AF_INET, owned.c_str(), v4) == 1) {
    return IpAddress::FromV4(v4);
  }
  return std::nullopt;
}

bool IpBlock::Contains(const IpAddress& other) const {
  for (int i = 0, left = bits; i < 16 && left > 0; ++i, left -= 8) {
    const uint8_t mask =
        left >= 8 ? 0xFF : static_cast<uint8_t>(0xFF << (8 - left));
    if ((address.bytes[i] ^ other.bytes[i]) & mask) return false;
  }
  return true;
}

std::optional<IpBlock> ReadIpBlock(std::string_view text) {
  const auto slash = base::SplitOnce(text, '/');
  const auto address = ReadIpAddress(slash ? slash->first : text);
  if (!address) return std::nullopt;
  if (!slash) return IpBlock{*address, 128};
  // By the spelling: ::ffff:10.0.0.0/104 is counted in IPv6's bits.
  const int offset = base::Contains(slash->first, ":") ? 0 : kMappedBits;
  const auto bits = base::ParseUint64(slash->second);
  if (!bits || *bits > static_cast<uint64_t>(128 - offset)) return std::nullopt;
  return IpBlock{*address, offset + static_cast<int>(*bits)};
}

}  // namespace landwaiter::http
