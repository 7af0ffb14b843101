#ifndef LANDWAITER_AGENT_REGISTRY_TESTING_H_
#define LANDWAITER_AGENT_REGISTRY_TESTING_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "agent/registry/registry.h"

// What the tests of all types share.
namespace landwaiter::agent::registry {

// "ok", or the failure's code with its cause: "NetworkError/Protocol". A status
// that carries no code gives its canonical one: "INVALID_ARGUMENT".
std::string CodeOf(const absl::Status& status);

// Makes the registry that the next page is asked of: each page comes from an
// object of its own, as after a restart.
using MakeRegistry = absl::FunctionRef<std::unique_ptr<Registry>()>;

// The names of all repositories, as they are listed from `cursor` on; at their
// end the code of what failed, or "never complete" after 100 pages.
std::vector<std::string> RepositoryNames(MakeRegistry make,
                                         std::string cursor = "");
// Their states by name, and that code as a name.
std::map<std::string, std::string> RepositoryStates(MakeRegistry make);

struct ListedArtifacts {
  std::map<std::string, model::Digest> tags;
  std::map<model::Digest, model::ManifestEntry> manifests;
  int pages = 0;
  std::string error;  // as CodeOf, or "never complete"
};
ListedArtifacts AllArtifacts(MakeRegistry make, std::string_view repository);

// Pulls an image as a scan does: the manifest, its config and its layers, each
// by digest, which the bytes must have. "ok", or what failed.
std::string PullAll(Registry& registry, std::string_view repository,
                    const model::Digest& manifest);

}  // namespace landwaiter::agent::registry

#endif  // LANDWAITER_AGENT_REGISTRY_TESTING_H_
