#include <cstddef>
#include <cstdint>

#include "agent/extract/os/rpm/header.h"
#include "agent/extract/os/rpm/sqlite.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landwaiter::agent::extract;
  MemoryFile file({reinterpret_cast<const char*>(data), size});
  Problems problems;
  const absl::Status status =
      os::ReadSqlite(file, problems, [](std::string_view header) {
        os::ParseRpmHeader(header);
        return absl::OkStatus();
      });
  return status.ok() ? 0 : -1;
}
