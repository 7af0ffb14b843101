// An image's config blob, with the search for secrets in it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/source/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace source = landwaiter::agent::source;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto config = source::ReadConfig(bytes);
  if (!config.ok()) return 0;
  for (const auto& diff_id : config->diff_ids) {
    if (diff_id.empty()) std::abort();
  }
  // The same bytes always say the same: reports are compared.
  const auto again = source::ReadConfig(bytes);
  if (!again.ok() || again->diff_ids != config->diff_ids ||
      again->config != config->config) {
    std::abort();
  }
  return 0;
}
