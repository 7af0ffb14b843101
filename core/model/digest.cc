#include "core/model/digest.h"

#include "core/base/hash.h"
#include "core/base/hex.h"
#include "core/base/strings.h"

namespace landwaiter::model {
namespace {

constexpr std::string_view kPrefix = "sha256:";
constexpr size_t kHexSize = 64;

}  // namespace

absl::StatusOr<Digest> Digest::Parse(std::string_view text) {
  if (!text.starts_with(kPrefix) || text.size() != kPrefix.size() + kHexSize ||
      !base::IsLowerHex(text.substr(kPrefix.size()))) {
    return absl::InvalidArgumentError(base::StrCat(
        "\"", base::Printable(text, 100),
        "\" is not a digest: want sha256: and 64 lower-case hex characters"));
  }
  return Digest(std::string(text));
}

Digest Digest::Of(std::string_view bytes) {
  return FromSha256Hex(base::Sha256Hex(bytes));
}

Digest Digest::FromSha256Hex(std::string_view hex) {
  return Digest(base::StrCat(kPrefix, hex));
}

std::string_view Digest::hex() const {
  return empty() ? std::string_view()
                 : std::string_view(text_).substr(kPrefix.size());
}

}  // namespace landwaiter::model
