// What a worker that was taken over may say: a report that keeps the rules, or
// one of a worker's failures in printable words.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/worker/protocol.h"
#include "core/base/failure.h"
#include "core/model/layer_report_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace base = landwaiter::base;
  namespace worker = landwaiter::agent::worker;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto report = worker::DecodeReply(bytes);
  if (report.ok()) {
    if (!landwaiter::model::CheckLayerReport(*report).ok()) std::abort();
    const auto again = worker::DecodeReply(worker::EncodeReply(report));
    if (!again.ok() || *again != *report) std::abort();
    return 0;
  }
  if (!base::HasFailureCode(report.status())) std::abort();
  const std::string_view message(report.status().message().data(),
                                 report.status().message().size());
  if (message.size() > 2000) std::abort();
  return 0;
}
