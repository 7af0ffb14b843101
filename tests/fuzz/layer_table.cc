// The table of contents of an eStargz or zstd:chunked layer, and their footers.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/layer/table_of_contents.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace layer = landwaiter::agent::layer;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  layer::StargzFooter(bytes);
  if (const auto footer = layer::ReadChunkedFooter(bytes)) {
    layer::FindTable({}, *footer);
  }
  landwaiter::agent::extract::MemoryFile file(bytes);
  layer::EntrySum sum;
  layer::EntrySum again = sum.Empty();
  const auto fault = layer::ReadTable(file, sum);
  if (!fault.ok()) std::abort();  // memory can be read
  const auto second = layer::ReadTable(file, again);
  if (!second.ok() || *second != *fault || !(sum == again)) std::abort();
  // An entry takes a few bytes.
  if (sum.count() > size / 2) std::abort();
  return 0;
}
