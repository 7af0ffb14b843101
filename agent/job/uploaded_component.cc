#include "agent/job/uploaded_component.h"

#include <algorithm>
#include <string>

#include "agent/source/manifest.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::job {
namespace {

using base::FailureCode;

// Platforms of one release's image.
constexpr size_t kMaxPlatforms = 32;

absl::Status Missing(std::string_view cause, std::string_view message) {
  return base::Failure(FailureCode::kScanComponentMissing, message, cause);
}

absl::StatusOr<source::RawManifest> Fetch(registry::Registry& registry,
                                          const UploadedComponent& wanted,
                                          const std::string& reference) {
  auto raw = registry.GetManifest(wanted.repository, reference,
                                  source::kMaxManifestBytes);
  if (!raw.ok() &&
      base::FailureCodeOf(raw.status()) == FailureCode::kNotFound) {
    return Missing("NotFound",
                   base::StrCat("the registry has no ", wanted.repository, " ",
                                base::Printable(reference)));
  }
  return raw;
}

absl::Status CheckConfig(const UploadedComponent& wanted,
                         const source::Manifest& image) {
  const std::string config = image.config.digest.text();
  const auto& known = wanted.config_digests;
  if (image.kind == source::ManifestKind::kImage &&
      std::find(known.begin(), known.end(), config) != known.end()) {
    return absl::OkStatus();
  }
  return Missing("Digest",
                 base::StrCat(wanted.repository, ":", wanted.tag,
                              " is not the image of release ", wanted.version,
                              image.kind == source::ManifestKind::kImage
                                  ? base::StrCat(": its config is ", config)
                                  : base::StrCat(": ", image.unsupported)));
}

absl::Status CheckConfigs(registry::Registry& registry,
                          const UploadedComponent& wanted,
                          const source::RawManifest& raw) {
  LANDWAITER_ASSIGN_OR_RETURN(const source::Manifest top,
                              source::ReadManifest(raw));
  if (top.kind != source::ManifestKind::kIndex) return CheckConfig(wanted, top);
  if (top.entries.empty() || top.entries.size() > kMaxPlatforms) {
    return Missing("Digest",
                   base::StrCat(wanted.repository, ":", wanted.tag, " has ",
                                top.entries.size(), " platforms"));
  }
  for (const model::Descriptor& entry : top.entries) {
    LANDWAITER_ASSIGN_OR_RETURN(const source::RawManifest platform,
                                Fetch(registry, wanted, entry.digest.text()));
    LANDWAITER_ASSIGN_OR_RETURN(const source::Manifest image,
                                source::ReadManifest(platform));
    LANDWAITER_RETURN_IF_ERROR(CheckConfig(wanted, image));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<model::Digest> CheckUploadedComponent(
    registry::Registry& registry, const UploadedComponent& wanted,
    std::string_view own_version) {
  if (own_version != wanted.version) {
    return Missing(
        "Version",
        base::StrCat("the scan component in the registry is of release ",
                     own_version, ", the operator's is ", wanted.version));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const source::RawManifest raw,
                              Fetch(registry, wanted, wanted.tag));
  if (!wanted.config_digests.empty()) {
    LANDWAITER_RETURN_IF_ERROR(CheckConfigs(registry, wanted, raw));
  }
  return raw.digest;
}

}  // namespace landwaiter::agent::job
