#include "core/http/address_policy.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::http {
namespace {

struct Kind {
  std::string_view block;
  std::string_view name;
};

// The first that holds an address names it.
constexpr Kind kForbidden[] = {
    // Metadata services, by what the clouds document; most are link-local too.
    {"169.254.169.254", "a cloud's metadata service"},
    {"169.254.170.2", "a cloud's metadata service"},    // ECS tasks
    {"100.100.100.200", "a cloud's metadata service"},  // Alibaba
    {"168.63.129.16", "a cloud's metadata service"},    // Azure
    {"192.0.0.192", "a cloud's metadata service"},      // Oracle
    {"fd00:ec2::/32", "a cloud's metadata service"},    // Amazon
    {"fd20:ce::/32", "a cloud's metadata service"},     // Google
    {"fd00:42::42", "a cloud's metadata service"},      // Scaleway
    {"127.0.0.0/8", "a loopback address"},
    {"::1", "a loopback address"},
    {"169.254.0.0/16", "a link-local address"},
    {"fe80::/10", "a link-local address"},
    {"0.0.0.0/8", "an unspecified address"},
    {"::", "an unspecified address"},
    {"224.0.0.0/4", "a multicast address"},
    {"ff00::/8", "a multicast address"},
    {"240.0.0.0/4", "a reserved address"},
    // RFC 8215: where in it the IPv4 address stands is the network's secret.
    {"64:ff9b:1::/48", "an address of a local NAT64"},
};

// Where an IPv4 address stands in an IPv6 one.
struct Wrapping {
  std::string_view block;
  int offset;
  uint8_t flip;  // Teredo hides the client's address from NATs
};

constexpr Wrapping kWrappings[] = {
    {"::/96", 12, 0},            // IPv4-compatible, RFC 4291
    {"::ffff:0:0:0/96", 12, 0},  // IPv4-translated, RFC 7915
    {"64:ff9b::/96", 12, 0},     // NAT64, RFC 6052
    {"2002::/16", 2, 0},         // 6to4, RFC 3056
    {"2001::/32", 4, 0},         // Teredo's server, RFC 4380
    {"2001::/32", 12, 0xFF},     // Teredo's client
};

IpAddress V4At(const IpAddress& address, int offset, uint8_t flip) {
  std::array<uint8_t, 4> v4{};
  for (int i = 0; i < 4; ++i) v4[i] = address.bytes[offset + i] ^ flip;
  return IpAddress::FromV4(v4.data());
}

// RFC 5214: any prefix, then ::0:5efe:a.b.c.d or ::200:5efe:a.b.c.d.
bool IsIsatap(const IpAddress& address) {
  const auto& bytes = address.bytes;
  return (bytes[8] & ~0x03) == 0 && bytes[9] == 0 && bytes[10] == 0x5E &&
         bytes[11] == 0xFE;
}

// The address, and each IPv4 address in it.
std::vector<IpAddress> MeaningsOf(const IpAddress& address) {
  std::vector<IpAddress> meanings = {address};
  for (const Wrapping& wrapping : kWrappings) {
    if (ReadIpBlock(wrapping.block)->Contains(address)) {
      meanings.push_back(V4At(address, wrapping.offset, wrapping.flip));
    }
  }
  if (IsIsatap(address)) meanings.push_back(V4At(address, 12, 0));
  return meanings;
}

std::string_view KindOf(const IpAddress& meaning) {
  for (const Kind& kind : kForbidden) {
    if (ReadIpBlock(kind.block)->Contains(meaning)) return kind.name;
  }
  return {};
}

absl::Status Blocked(std::string_view address, std::string_view kind,
                     std::string_view setting) {
  return base::Failure(
      base::FailureCode::kNetworkConnectError,
      base::StrCat("the address ", base::Printable(address), " is ", kind,
                   " and is not connected to; an administrator may allow it "
                   "with ",
                   setting),
      "BlockedAddress");
}

}  // namespace

std::string_view ForbiddenKind(const IpAddress& address) {
  for (const IpAddress& meaning : MeaningsOf(address)) {
    if (const auto kind = KindOf(meaning); !kind.empty()) return kind;
  }
  return {};
}

absl::StatusOr<AddressPolicy> NewAddressPolicy(
    const std::vector<std::string>& allowed, std::string_view setting) {
  std::vector<IpBlock> blocks;
  for (const std::string& text : allowed) {
    const auto block = ReadIpBlock(text);
    if (!block) {
      return absl::InvalidArgumentError(
          base::StrCat(setting, ": \"", base::Printable(text),
                       "\" is no address and no block of addresses"));
    }
    blocks.push_back(*block);
  }
  return [blocks = std::move(blocks), setting = std::string(setting)](
             std::string_view text) -> absl::Status {
    const auto address = ReadIpAddress(text);
    if (!address) return Blocked(text, "not readable", setting);
    const auto is_allowed = [&](const IpAddress& meaning) {
      return std::any_of(
          blocks.begin(), blocks.end(),
          [&](const IpBlock& block) { return block.Contains(meaning); });
    };
    if (is_allowed(*address)) return absl::OkStatus();
    // One allowed IPv4 address does not excuse another within the same.
    for (const IpAddress& meaning : MeaningsOf(*address)) {
      const std::string_view kind = KindOf(meaning);
      if (!kind.empty() && !is_allowed(meaning)) {
        return Blocked(text, kind, setting);
      }
    }
    return absl::OkStatus();
  };
}

}  // namespace landwaiter::http
