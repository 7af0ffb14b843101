#ifndef LANDWAITER_AGENT_INSPECT_OPEN_IMAGE_H_
#define LANDWAITER_AGENT_INSPECT_OPEN_IMAGE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/registry/registry.h"
#include "agent/source/image_source.h"
#include "core/base/clock.h"

namespace landwaiter::agent::inspect {

// How to reach a registry.
struct RegistryOptions {
  // An account; without one, that of the first of `account_files` that has one
  // (FindDockerCredentials).
  std::string username;
  std::string password_file;
  std::vector<std::string> account_files;
  bool plain_http = false;
  std::string ca_file;  // PEM
  bool insecure_skip_verify = false;
};

struct OpenedImage {
  std::string name;       // for people: the reference or the path
  std::string reference;  // what to ask the source for
  std::string directory;  // a tree to read; then there is no source
  std::unique_ptr<registry::Registry> registry;  // of `source`, if it has one
  std::unique_ptr<source::ImageSource> source;
};

// `image` as ParseImageLocation has it. A registry is not contacted yet.
// INVALID_ARGUMENT for a name or a file that makes no sense, NotFound for a
// path that is not there. `clock` must outlive the result.
absl::StatusOr<OpenedImage> OpenImage(const std::string& image,
                                      const RegistryOptions& options,
                                      base::Clock& clock);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_OPEN_IMAGE_H_
