#include <cstddef>
#include <cstdint>

#include "agent/extract/os/release/release.h"
#include "tests/fuzz/extract.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using landwaiter::agent::extract::os::Release;
  for (const std::string_view path : Release::Paths()) {
    landwaiter::fuzz::Extract(Release(), path,
                              {reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
