#include <cstddef>
#include <cstdint>

#include "tests/fuzz/feed.h"

// AlmaLinux's errata as JSON.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"alma-errata"}, "errata.json", data, size);
  return 0;
}
