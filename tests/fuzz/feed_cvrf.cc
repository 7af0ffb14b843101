#include <cstddef>
#include <cstdint>

#include "tests/fuzz/feed.h"

// A CVRF document.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"suse-cvrf", "openeuler-cvrf"}, "cvrf.xml", data,
                              size);
  return 0;
}
