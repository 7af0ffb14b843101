// A compressed stream, of whatever format its first bytes say: two ways of
// cutting it into pieces must inflate to the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "agent/layer/inflater.h"
#include "core/base/failure.h"

namespace {

namespace layer = landwaiter::agent::layer;

constexpr size_t kMax = size_t{4} << 20;

struct Inflated {
  bool ok = false;
  std::string bytes;
};

Inflated Inflate(std::string_view bytes, size_t piece) {
  Inflated result;
  const auto inflater = layer::NewSniffingInflater(layer::Limits());
  const auto sink = [&](std::string_view out) {
    result.bytes += out;
    return result.bytes.size() > kMax ? absl::CancelledError()
                                      : absl::OkStatus();
  };
  absl::Status status;
  while (!bytes.empty() && status.ok()) {
    status = inflater->Push(bytes.substr(0, piece), sink);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  if (status.ok()) status = inflater->Finish(sink);
  result.ok = status.ok();
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Inflated whole = Inflate(bytes, size + 1);
  const Inflated pieces = Inflate(bytes, 1 + size % 50);
  // What came before an error may depend on the pieces.
  if (whole.ok != pieces.ok) std::abort();
  if (whole.ok && whole.bytes != pieces.bytes) std::abort();
  return 0;
}
