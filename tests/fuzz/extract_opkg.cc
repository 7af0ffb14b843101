#include <cstddef>
#include <cstdint>

#include "agent/extract/os/opkg/opkg.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::Extract(landwaiter::agent::extract::os::Opkg(),
                            "usr/lib/opkg/status",
                            {reinterpret_cast<const char*>(data), size});
  return 0;
}
