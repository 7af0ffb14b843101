#include "agent/source/resolve.h"

#include <string>
#include <utility>

#include "agent/source/manifest.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

using base::Failure;
using base::FailureCode;

constexpr int kMaxNesting = 5;

bool Suits(const model::Platform& offered, const model::Platform& wanted) {
  const auto suits = [](const std::string& o, const std::string& w) {
    return w.empty() || o == w;
  };
  return suits(offered.os, wanted.os) &&
         suits(offered.architecture, wanted.architecture) &&
         (offered.variant.empty() || suits(offered.variant, wanted.variant));
}

std::string Platforms(const Manifest& index) {
  std::string names;
  for (const model::Descriptor& entry : index.entries) {
    if (names.size() > 500) break;
    base::StrAppend(&names, names.empty() ? "" : ", ",
                    base::Printable(entry.platform.ToString(), 60));
  }
  return names;
}

// The entry to go on with.
absl::StatusOr<model::Descriptor> Choose(const Manifest& index,
                                         const model::Platform& platform) {
  const bool any = platform == model::Platform();
  const model::Platform wanted = any ? model::Platform::Host() : platform;
  for (const model::Descriptor& entry : index.entries) {
    if (Suits(entry.platform, wanted)) return entry;
  }
  if (any && index.entries.size() == 1) return index.entries.front();
  return Failure(FailureCode::kNotFound,
                 base::StrCat("no image for ", wanted.ToString(),
                              " in the index, which has: ", Platforms(index)));
}

absl::StatusOr<std::string> FetchConfig(ImageSource& source,
                                        const model::Descriptor& config) {
  if (config.size > kMaxConfigBytes) {
    return Failure(FailureCode::kLimitExceeded,
                   base::StrCat("the config has ", config.size,
                                " bytes, the limit is ", kMaxConfigBytes),
                   "configSize");
  }
  std::string bytes;
  LANDWAITER_RETURN_IF_ERROR(
      source.FetchBlob(config, [&](std::string_view data) {
        bytes.append(data);
        return absl::OkStatus();
      }));
  return bytes;
}

}  // namespace

absl::StatusOr<ResolvedImage> ResolveImage(ImageSource& source,
                                           std::string_view reference,
                                           const model::Platform& platform) {
  std::string next(reference);
  for (int nesting = 0; nesting <= kMaxNesting; ++nesting) {
    LANDWAITER_ASSIGN_OR_RETURN(const RawManifest raw,
                                source.GetManifest(next, kMaxManifestBytes));
    LANDWAITER_ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(raw));
    if (manifest.kind == ManifestKind::kArtifact) {
      return Failure(FailureCode::kUnsupportedMedia,
                     base::StrCat("this is ", manifest.unsupported));
    }
    if (manifest.kind == ManifestKind::kIndex) {
      LANDWAITER_ASSIGN_OR_RETURN(const model::Descriptor chosen,
                                  Choose(manifest, platform));
      next = chosen.digest.text();
      continue;
    }
    LANDWAITER_ASSIGN_OR_RETURN(const std::string bytes,
                                FetchConfig(source, manifest.config));
    LANDWAITER_ASSIGN_OR_RETURN(ConfigFile config, ReadConfig(bytes));
    if (config.diff_ids.size() != manifest.layers.size()) {
      return Failure(
          FailureCode::kUnsupportedMedia,
          base::StrCat("the config has ", config.diff_ids.size(),
                       " diffIDs for ", manifest.layers.size(), " layers"));
    }
    ResolvedImage image{
        raw.digest, manifest.media_type, std::move(config.config), {}};
    for (size_t i = 0; i < manifest.layers.size(); ++i) {
      image.layers.push_back(
          {std::move(manifest.layers[i]), std::move(config.diff_ids[i])});
    }
    return image;
  }
  return Failure(FailureCode::kLimitExceeded,
                 base::StrCat("the index nests deeper than ", kMaxNesting),
                 "indexNesting");
}

}  // namespace landwaiter::agent::source
