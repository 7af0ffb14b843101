#include <cstddef>
#include <cstdint>

#include "tests/fuzz/feed.h"

// Definitions of OVAL, by each publisher's reading.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"redhat-oval", "oracle-oval", "suse-oval",
                               "photon-oval", "azure-linux-oval"},
                              "oval.xml", data, size);
  return 0;
}
