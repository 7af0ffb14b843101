#ifndef LANDWAITER_OPERATOR_KUBE_WATCH_DECODER_H_
#define LANDWAITER_OPERATOR_KUBE_WATCH_DECODER_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "operator/kube/client.h"

namespace landwaiter::kube {

// Makes events of a watch's body: one JSON object a line,
// {"type":"ADDED","object":{...}}, split anywhere by the transport.
// Not thread-safe.
class WatchDecoder {
 public:
  // An event may have `max_line` bytes at most. `on_event` outlives the
  // decoder.
  WatchDecoder(size_t max_line, KubeClient::OnEvent on_event);

  // An ERROR event becomes the status that it holds; INTERNAL for what is no
  // event; else what on_event returned. After an error, feed no more.
  absl::Status Feed(std::string_view bytes);
  // Call at the end of the body: UNAVAILABLE if it ended within an event.
  absl::Status Finish() const;

 private:
  absl::Status Decode(std::string_view line);

  const size_t max_line_;
  KubeClient::OnEvent on_event_;
  std::string partial_;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_WATCH_DECODER_H_
