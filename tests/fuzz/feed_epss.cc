#include "tests/fuzz/feed.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"epss"}, "epss.csv", data, size);
  return 0;
}
