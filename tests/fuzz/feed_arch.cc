#include "tests/fuzz/feed.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"arch-linux"}, "all.json", data, size);
  return 0;
}
