#include "tests/fuzz/feed.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"alpine-unfixed"}, "a.json", data, size);
  return 0;
}
