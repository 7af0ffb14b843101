#include "tests/fuzz/feed.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"debian-support"},
                              "security-support-ended.deb12", data, size);
  return 0;
}
