#include <cstddef>
#include <cstdint>

#include "agent/extract/os/pacman/pacman.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::Extract(landwaiter::agent::extract::os::Pacman(),
                            "var/lib/pacman/local/a-1-1/desc",
                            {reinterpret_cast<const char*>(data), size});
  return 0;
}
