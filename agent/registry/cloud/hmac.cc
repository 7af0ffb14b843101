#include "agent/registry/cloud/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

namespace landwaiter::agent::registry::cloud {
namespace {

std::string Hmac(const EVP_MD* algorithm, std::string_view key,
                 std::string_view message) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  // As base::Sha256: fails only where nothing can be hashed at all.
  if (HMAC(algorithm, key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()),
           message.size(), mac, &size) == nullptr) {
    std::abort();
  }
  return {reinterpret_cast<const char*>(mac), size};
}

}  // namespace

std::string HmacSha1(std::string_view key, std::string_view message) {
  return Hmac(EVP_sha1(), key, message);
}

std::string HmacSha256(std::string_view key, std::string_view message) {
  return Hmac(EVP_sha256(), key, message);
}

}  // namespace landwaiter::agent::registry::cloud
