#include <cstddef>
#include <cstdint>

#include "agent/extract/lang/haskell/haskell.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::ExtractNamed(landwaiter::agent::extract::lang::Haskell(),
                                 {reinterpret_cast<const char*>(data), size});
  return 0;
}
