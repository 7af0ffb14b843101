#ifndef LANDWAITER_CORE_MODEL_PLATFORM_H_
#define LANDWAITER_CORE_MODEL_PLATFORM_H_

#include <string>
#include <string_view>

namespace landwaiter::model {

// What an image runs on, with the values of Go's GOOS and GOARCH (OCI
// image-spec, image-index.md).
struct Platform {
  std::string os;            // "linux"
  std::string architecture;  // "amd64"
  std::string variant;       // "v8", or empty

  // "linux/arm64/v8"; empty parts at the end are left out.
  std::string ToString() const;
  // The inverse of ToString; missing parts are empty.
  static Platform Parse(std::string_view text);
  // This machine's.
  static Platform Host();

  friend bool operator==(const Platform&, const Platform&) = default;
};

}  // namespace landwaiter::model

#endif  // LANDWAITER_CORE_MODEL_PLATFORM_H_
