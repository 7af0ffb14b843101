#include <cstddef>
#include <cstdint>

#include "agent/extract/lang/rust/rust.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::Extract(landwaiter::agent::extract::lang::Rust(),
                            "usr/bin/app",
                            {reinterpret_cast<const char*>(data), size});
  return 0;
}
