#ifndef LANDWAITER_CORE_HTTP_IP_ADDRESS_H_
#define LANDWAITER_CORE_HTTP_IP_ADDRESS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace landwaiter::http {

// An IPv6 address in network order, or an IPv4 one mapped into it
// (::ffff:a.b.c.d), so that both spellings are one address.
struct IpAddress {
  std::array<uint8_t, 16> bytes{};

  bool IsV4() const;
  static IpAddress FromV4(const uint8_t* four_bytes);
  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

// The usual spellings (as inet_pton); an IPv6 address may stand in brackets
// and name a zone ("fe80::1%eth0"), which is left out.
std::optional<IpAddress> ReadIpAddress(std::string_view text);

// A block of addresses: "10.0.0.0/8", "fd00::/8"; an address alone is a block
// of one.
struct IpBlock {
  IpAddress address;
  int bits = 128;  // of the 128

  bool Contains(const IpAddress& address) const;
};
std::optional<IpBlock> ReadIpBlock(std::string_view text);

}  // namespace landwaiter::http

#endif  // LANDWAITER_CORE_HTTP_IP_ADDRESS_H_
