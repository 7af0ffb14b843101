#include <cstddef>
#include <cstdint>

#include "agent/extract/os/apk/apk.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::Extract(landwaiter::agent::extract::os::Apk(),
                            "lib/apk/db/installed",
                            {reinterpret_cast<const char*>(data), size});
  return 0;
}
