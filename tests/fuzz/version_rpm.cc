#include "analyzer/version/rpm.h"
#include "tests/fuzz/version.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::Order(landwaiter::analyzer::version::CompareRpm, data,
                          size);
  return 0;
}
