#include <cstddef>
#include <cstdint>

#include "agent/extract/os/portage/portage.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  landwaiter::fuzz::Extract(landwaiter::agent::extract::os::Portage(),
                            "var/db/pkg/a/b-1/CONTENTS",
                            {reinterpret_cast<const char*>(data), size});
  return 0;
}
