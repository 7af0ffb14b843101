#include "analyzer/queue/explicit_images.h"

#include "core/base/strings.h"
#include "core/model/image_reference.h"
#include "core/model/layer_report.h"

namespace landwaiter::analyzer::queue {
namespace {

absl::Status Bad(const std::string& text, std::string_view why) {
  return absl::InvalidArgumentError(
      base::StrCat("image \"", base::Printable(text), "\": ", why));
}

// Takes "host/" off the front if a registry has that host.
const store::RegistryRow* TakeHost(
    std::string_view& rest, const std::vector<store::RegistryRow>& registries) {
  for (const store::RegistryRow& registry : registries) {
    const std::string prefix = registry.spec.host + "/";
    if (registry.spec.host.empty() || !rest.starts_with(prefix)) continue;
    rest.remove_prefix(prefix.size());
    return &registry;
  }
  return nullptr;
}

// Whether the first segment can only be a host.
bool HasHost(std::string_view name) {
  const auto parts = base::SplitOnce(name, '/');
  return parts && parts->first.find_first_of(".:") != std::string_view::npos;
}

absl::StatusOr<ExplicitImage> Resolve(
    const std::string& text,
    const std::vector<store::RegistryRow>& registries) {
  ExplicitImage image{.text = text};
  std::string_view rest = text;
  image.registry = TakeHost(rest, registries);
  if (image.registry == nullptr && registries.size() == 1 && !HasHost(rest)) {
    image.registry = &registries[0];
  }
  if (image.registry == nullptr) return image;
  if (const auto parts = base::SplitOnce(rest, '@')) {
    absl::StatusOr<model::Digest> digest = model::Digest::Parse(parts->second);
    if (!digest.ok()) return Bad(text, base::ToStd(digest.status().message()));
    image.digest = *digest;
    rest = parts->first;
  }
  if (const auto parts = base::SplitOnce(rest, ':')) {
    image.tag = std::string(parts->second);
    if (!model::IsValidTag(image.tag)) return Bad(text, "no valid tag");
    rest = parts->first;
  } else if (image.digest.empty()) {
    image.tag = "latest";
  }
  image.repository = std::string(rest);
  if (!model::IsValidRepository(rest)) return Bad(text, "no valid repository");
  return image;
}

}  // namespace

absl::StatusOr<std::vector<ExplicitImage>> ResolveImages(
    const std::vector<std::string>& images,
    const std::vector<store::RegistryRow>& registries) {
  std::vector<ExplicitImage> resolved;
  for (const std::string& text : images) {
    absl::StatusOr<ExplicitImage> image = Resolve(text, registries);
    if (!image.ok()) return image.status();
    resolved.push_back(*std::move(image));
  }
  return resolved;
}

bool IsFresh(const store::ImageRow& image, const store::TaskRow& task) {
  return !task.spec.force && image.scanned_at &&
         image.report_version == model::kLayerReportVersion;
}

}  // namespace landwaiter::analyzer::queue
