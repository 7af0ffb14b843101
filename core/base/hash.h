#ifndef LANDWAITER_CORE_BASE_HASH_H_
#define LANDWAITER_CORE_BASE_HASH_H_

#include <memory>
#include <string>
#include <string_view>

namespace landwaiter::base {

// Incremental SHA-256 (OpenSSL, so SHA extensions are used where the processor
// has them). Not thread-safe.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(std::string_view bytes);
  // The digest as 64 lower-case hexadecimal characters, or as its 32 bytes; the
  // object is spent until it is reset.
  std::string FinishHex();
  std::string FinishRaw();
  // Begins anew, without the cost of another object.
  void Reset();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// SHA-256 of `bytes` as 64 lower-case hexadecimal characters.
std::string Sha256Hex(std::string_view bytes);

}  // namespace landwaiter::base

#endif  // LANDWAITER_CORE_BASE_HASH_H_
