#include <cstddef>
#include <cstdint>

#include "tests/fuzz/feed.h"

// A CSAF document.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"redhat-csaf-vex", "suse-csaf"}, "csaf.json",
                              data, size);
  return 0;
}
