// A manifest or an index; the first line is the media type that the registry
// names.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/source/manifest.h"

namespace {

namespace source = landwaiter::agent::source;

void Check(const landwaiter::model::Descriptor& descriptor) {
  if (descriptor.digest.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t line = bytes.find('\n');
  if (line == bytes.npos) return 0;
  source::RawManifest raw;
  raw.media_type = bytes.substr(0, line);
  raw.bytes = bytes.substr(line + 1);
  const auto manifest = source::ReadManifest(raw);
  if (!manifest.ok()) return 0;
  if (manifest->layers.size() > source::kMaxLayers ||
      manifest->entries.size() > source::kMaxIndexEntries) {
    std::abort();
  }
  switch (manifest->kind) {
    case source::ManifestKind::kImage:
      Check(manifest->config);
      for (const auto& layer : manifest->layers) Check(layer);
      if (!manifest->entries.empty()) std::abort();
      break;
    case source::ManifestKind::kIndex:
      for (const auto& entry : manifest->entries) Check(entry);
      if (!manifest->layers.empty()) std::abort();
      break;
    case source::ManifestKind::kArtifact:
      if (manifest->unsupported.empty()) std::abort();
      break;
  }
  manifest->TotalSize();
  return 0;
}
