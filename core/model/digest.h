#ifndef LANDWAITER_CORE_MODEL_DIGEST_H_
#define LANDWAITER_CORE_MODEL_DIGEST_H_

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace landwaiter::model {

// The content digest of a blob: "sha256:" and 64 lower-case hex characters
// (OCI image-spec, descriptor.md). Other algorithms are refused: nothing that
// we cannot check is believed. An empty Digest (default) names nothing.
class Digest {
 public:
  Digest() = default;

  // INVALID_ARGUMENT with a clear message for anything else.
  static absl::StatusOr<Digest> Parse(std::string_view text);
  // The digest of these bytes.
  static Digest Of(std::string_view bytes);
  // REQUIRES: `hex` is 64 lower-case hex characters.
  static Digest FromSha256Hex(std::string_view hex);

  // "sha256:<hex>", or "" when empty.
  const std::string& text() const { return text_; }
  // The part behind the colon.
  std::string_view hex() const;
  bool empty() const { return text_.empty(); }

  friend auto operator<=>(const Digest&, const Digest&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Digest& digest) {
    return H::combine(std::move(h), digest.text_);
  }

 private:
  explicit Digest(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_DIGEST_H_
