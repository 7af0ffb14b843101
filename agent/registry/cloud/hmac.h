#ifndef LANDWAITER_AGENT_REGISTRY_CLOUD_HMAC_H_
#define LANDWAITER_AGENT_REGISTRY_CLOUD_HMAC_H_

#include <string>
#include <string_view>

namespace landwaiter::agent::registry::cloud {

// RFC 2104; the raw bytes (20 and 32).
std::string HmacSha1(std::string_view key, std::string_view message);
std::string HmacSha256(std::string_view key, std::string_view message);

}  // namespace landwaiter::agent::registry::cloud

#endif  // LANDWAITER_AGENT_REGISTRY_CLOUD_HMAC_H_
