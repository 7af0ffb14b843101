#include <cstddef>
#include <cstdint>

#include "agent/extract/lang/java/java.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::Extract(landwaiter::agent::extract::lang::Java(),
                            "app/shaded-1.0.jar",
                            {reinterpret_cast<const char*>(data), size});
  return 0;
}
