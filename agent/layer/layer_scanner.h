#ifndef LANDWAITER_AGENT_LAYER_LAYER_SCANNER_H_
#define LANDWAITER_AGENT_LAYER_LAYER_SCANNER_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "agent/source/image_source.h"
#include "core/model/image.h"
#include "core/model/layer_report.h"

namespace landwaiter::agent::layer {

// Pushes the layer's compressed bytes into the sink and returns how that went
// (ImageSource::FetchBlob bound to its blob).
using FetchLayer = absl::FunctionRef<absl::Status(source::BlobSink)>;

// Turns the stream of one layer into its report: inflate, hash, tar, extract.
// Memory does not grow with the layer. Thread-safe.
//
// Errors: whatever `fetch` returned; DiffIdMismatch, CorruptLayer,
// LimitExceeded (with the limit as cause), UnsupportedMedia, ParserCrashed,
// DeadlineExceeded.
class LayerScanner {
 public:
  virtual ~LayerScanner() = default;
  virtual absl::StatusOr<model::LayerReport> Scan(const model::LayerRef& layer,
                                                  FetchLayer fetch) = 0;
};

}  // namespace landwaiter::agent::layer

#endif  // LANDWAITER_AGENT_LAYER_LAYER_SCANNER_H_
