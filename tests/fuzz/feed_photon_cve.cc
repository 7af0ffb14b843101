#include <cstddef>
#include <cstdint>

#include "tests/fuzz/feed.h"

// Photon's list of CVEs.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"photon-cve"}, "cve_data_photon4.0.json", data,
                              size);
  return 0;
}
