#ifndef LANDWAITER_AGENT_REGISTRY_TESTING_H_
#define LANDWAITER_AGENT_REGISTRY_TESTING_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "agent/registry/registry.h"

// What the tests of all types share.
namespace landwaiter::agent::registry {

// "ok", or the failure's code with its cause: "NetworkError/Protocol". A status
// that carries no code gives its canonical one: "INVALID_ARGUMENT".
std::string CodeOf(const absl::Status& status);

// Pulls an image as a scan does: the manifest, its config and its layers, each
// by digest, which the bytes must have. "ok", or what failed.
std::string PullAll(Registry& registry, std::string_view repository,
                    const model::Digest& manifest);

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_TESTING_H_
