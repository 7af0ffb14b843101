#ifndef LANDWAITER_ANALYZER_ADVISORY_OCI_ARTIFACT_H_
#define LANDWAITER_ANALYZER_ADVISORY_OCI_ARTIFACT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/http/client.h"

namespace landwaiter::analyzer::advisory {

// Advisories as an OCI artifact: an image manifest (OCI image-spec 1.1) with
// an empty config and one layer, the canonical stream (db_stream.h).
inline constexpr std::string_view kArtifactType =
    "application/vnd.landwaiter.advisories.v1";
inline constexpr std::string_view kStreamMediaType =
    "application/vnd.landwaiter.advisories.stream.v1+zstd";
inline constexpr std::string_view kVersionAnnotation =
    "dev.landwaiter.advisories.version";

struct RegistryLogin {
  std::string username, password;  // both empty: none
};

struct ArtifactOptions {
  RegistryLogin login;
  http::TlsOptions tls;
  http::ProxyOptions proxy;
  bool plain_http = false;
  uint64_t max_bytes = uint64_t{4} << 30;
  absl::Duration deadline = absl::Minutes(30);  // of a transfer
};

// "host[:port]/repository[:tag][@sha256:...]"; without either the tag is
// "latest".
struct ArtifactReference {
  std::string host, repository;
  std::string tag;     // or
  std::string digest;  // of the manifest
};
absl::StatusOr<ArtifactReference> ParseArtifactReference(std::string_view text);

// Uploads the stream of that version: the manifest's digest.
absl::StatusOr<std::string> PushArtifact(const ArtifactReference& reference,
                                         const std::string& stream,
                                         const std::string& version,
                                         const ArtifactOptions& options);

// Downloads the stream to `path`, which is a file only after its digest and
// size were found to be what the manifest says, and the manifest's what the
// reference says: the manifest's digest.
absl::StatusOr<std::string> PullArtifact(const ArtifactReference& reference,
                                         const std::string& path,
                                         const ArtifactOptions& options);
// The manifest's digest alone: whether there is something new.
absl::StatusOr<std::string> ResolveArtifact(const ArtifactReference& reference,
                                            const ArtifactOptions& options);

// What a docker credentials file (config.json, or a Secret's
// .dockerconfigjson) says of the host. NOT_FOUND if nothing.
absl::StatusOr<RegistryLogin> ReadDockerLogin(std::string_view json,
                                              std::string_view host);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OCI_ARTIFACT_H_
