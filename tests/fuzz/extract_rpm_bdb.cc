#include <cstddef>
#include <cstdint>

#include "agent/extract/os/rpm/bdb.h"
#include "agent/extract/os/rpm/header.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landwaiter::agent::extract;
  MemoryFile file({reinterpret_cast<const char*>(data), size});
  Problems problems;
  const absl::Status status =
      os::ReadBdb(file, problems, [](std::string_view header) {
        os::ParseRpmHeader(header);
        return absl::OkStatus();
      });
  return status.ok() ? 0 : -1;
}
