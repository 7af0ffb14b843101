#include <cstddef>
#include <cstdint>

#include "agent/extract/lang/conan/conan.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ExtractNamed(landwaiter::agent::extract::lang::Conan(),
                                 {reinterpret_cast<const char*>(data), size});
  return 0;
}
