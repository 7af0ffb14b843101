#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "analyzer/advisory/codec.h"
#include "analyzer/advisory/osv/osv.h"

// A record of a feed; and the same bytes as an entry of a database.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landwaiter::analyzer::advisory;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const OsvRecord record = ParseOsv(bytes);
  for (const Affected& affected : record.advisory.affected) {
    if (!DecodeAffected(EncodeAffected(1, affected))) std::abort();
  }
  DecodeAffected(bytes);
  DecodeDetails(bytes);
  return 0;
}
