#ifndef LANDWAITER_AGENT_WORKER_PROTOCOL_H_
#define LANDWAITER_AGENT_WORKER_PROTOCOL_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/layer/limits.h"
#include "core/model/digest.h"
#include "core/model/layer_report.h"

namespace landwaiter::agent::worker {

// What the agent and its worker say to each other. Both are always the same
// program file, so there is one version.
//
// The worker finds, on descriptor 0, a request of kRequestBytes and then the
// layer's compressed bytes up to the end; descriptor 3 is a spill file, and
// into 4, a file too, it writes the compressed list of the layer's files as it
// goes; to descriptor 1 it writes one reply, in which that list is left out.
inline constexpr int kSpillDescriptor = 3;
inline constexpr int kFilesDescriptor = 4;
inline constexpr int kLastDescriptor = kFilesDescriptor;

struct Request {
  layer::Limits limits;
  model::Digest blob_digest;  // goes into the report
};

inline constexpr size_t kRequestBytes = 16 * 8 + 64;

std::string EncodeRequest(const Request& request);
// INVALID_ARGUMENT for anything but what EncodeRequest gives.
absl::StatusOr<Request> DecodeRequest(std::string_view bytes);

// A reply is a report (landwaiter.v1.LayerReport) or a typed failure.
std::string EncodeReply(const absl::StatusOr<model::LayerReport>& result);
// The inverse, for bytes that a hostile layer may have written: a report is
// checked by the rules of model::CheckLayerReport, a failure's code must be
// one that a worker can give and its text is made printable. ParserCrashed for
// anything else.
absl::StatusOr<model::LayerReport> DecodeReply(std::string_view bytes);

// The longest reply that DecodeReply may be given.
size_t MaxReplyBytes();

}  // namespace landwaiter::agent::worker

#endif  // LANDWAITER_AGENT_WORKER_PROTOCOL_H_
