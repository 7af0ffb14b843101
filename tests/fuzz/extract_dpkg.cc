#include <cstddef>
#include <cstdint>

#include "agent/extract/os/dpkg/dpkg.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::Extract(landwaiter::agent::extract::os::Dpkg(),
                            "var/lib/dpkg/status",
                            {reinterpret_cast<const char*>(data), size});
  return 0;
}
