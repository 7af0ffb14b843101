#ifndef LANDWAITER_AGENT_SOURCE_IMAGE_SOURCE_H_
#define LANDWAITER_AGENT_SOURCE_IMAGE_SOURCE_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/model/image.h"

namespace landwaiter::agent::source {

// Receives a blob's bytes in order. A status that is not OK stops the
// transfer, which then returns that status.
using BlobSink = absl::FunctionRef<absl::Status(std::string_view)>;

// A manifest as it came, verified: its digest is of its bytes.
struct RawManifest {
  std::string media_type;  // as the source named it; may be empty
  model::Digest digest;
  std::string bytes;
};

// Where the content of one image comes from: one repository of a registry, an
// OCI layout, an archive. Thread-safe: layers are fetched in parallel.
class ImageSource {
 public:
  virtual ~ImageSource() = default;

  // The manifest or index of `reference` (a tag or a digest; empty means the
  // only one there is). A digest asked for is checked. At most `limit` bytes,
  // else LimitExceeded; NotFound if there is none.
  virtual absl::StatusOr<RawManifest> GetManifest(std::string_view reference,
                                                  uint64_t limit) = 0;

  // Streams a blob into `sink`. Exactly blob.size bytes with blob.digest, or
  // an error after some of them: DigestMismatch, NotFound, NetworkError ...
  // The digest is checked here, so the sink must not act on what it got until
  // this returns OK.
  virtual absl::Status FetchBlob(const model::Descriptor& blob,
                                 BlobSink sink) = 0;
};

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_IMAGE_SOURCE_H_
