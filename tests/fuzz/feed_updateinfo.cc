#include <cstddef>
#include <cstdint>

#include "tests/fuzz/feed.h"

// A repository's updateinfo.xml.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"alma-updateinfo", "amazon-alas",
                               "fedora-updateinfo", "rocky-updateinfo"},
                              "updateinfo.xml", data, size);
  return 0;
}
