#ifndef LANDWAITER_AGENT_REGISTRY_GOOGLE_GOOGLE_REGISTRY_H_
#define LANDWAITER_AGENT_REGISTRY_GOOGLE_GOOGLE_REGISTRY_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "agent/registry/connection.h"
#include "agent/registry/registry.h"
#include "core/base/clock.h"

namespace landwaiter::agent::registry::google {

// What a host of Google's serves.
struct Site {
  std::string location;  // of Artifact Registry: "europe-west1", "us"
  // The only repository of Artifact Registry that the host shows, whose name
  // is then no part of an image's; empty: all of the location's.
  std::string repository;

  friend bool operator==(const Site&, const Site&) = default;
};

// Of LOCATION-docker.pkg.dev; of gcr.io, whose hosts show a repository of
// their own name; else of `region`. nullopt if that is none.
std::optional<Site> SiteOf(std::string_view host, std::string_view region);

// Google Artifact Registry, also as gcr.io. The credentials are a service
// account's key file, as ServiceAccount::Parse takes it. The catalog of /v2/
// is empty there: the API lists repositories and their images, /v2/ the tags
// and digests of an image in one answer. Images are pulled with the short-lived
// token that the API is asked with; the key is shown to nobody.
//
// Listed is the project that the connection names, or else the key's own.
// INVALID_ARGUMENT if neither host nor region tell the location.
absl::StatusOr<std::unique_ptr<Registry>> NewGoogleRegistry(
    Connection connection, base::Clock& clock);

}  // namespace landwaiter::agent::registry::google

#endif  // LANDWAITER_AGENT_REGISTRY_GOOGLE_GOOGLE_REGISTRY_H_
