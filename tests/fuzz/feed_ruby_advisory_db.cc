#include "tests/fuzz/feed.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ReadFeeds({"ruby-advisory-db"}, "gems/a/1.yml", data, size);
  return 0;
}
