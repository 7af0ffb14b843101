#include <cstddef>
#include <cstdint>

#include "agent/extract/software/software.h"
#include "tests/fuzz/extract.h"

// A file for each form of signature, and those that are not programs.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const landwaiter::agent::extract::software::Software software;
  for (const char* path :
       {"sbin/nginx", "bin/mysqld", "bin/redis-server", "lib/libpython3.11.so",
        "jdk/release", "lib/catalina.jar", "opt/.bitnami_components.json"}) {
    landwaiter::fuzz::Extract(software, path,
                              {reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
