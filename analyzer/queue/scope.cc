#include "analyzer/queue/scope.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "analyzer/queue/glob.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::queue {
namespace {

using base::FailureCode;
using store::ManifestRow;
using store::RepositoryView;
using store::TagRow;

// An index may hold an index; deeper nesting is not an image anybody made.
constexpr int kMaxIndexDepth = 3;

const ManifestRow* FindManifest(const RepositoryView& view,
                                const model::Digest& digest) {
  const auto found = std::ranges::lower_bound(
      view.manifests, digest, {},
      [](const ManifestRow& row) { return row.entry.digest; });
  if (found == view.manifests.end() || found->entry.digest != digest) {
    return nullptr;
  }
  return &*found;
}

model::FailureInfo Unsupported(FailureCode code, std::string message) {
  return {.code = std::string(ToString(code)),
          .cause = "",
          .message = std::move(message),
          .retryable = false};
}

bool PlatformMatches(const model::Platform& platform,
                     const std::vector<std::string>& wanted) {
  return std::ranges::any_of(wanted, [&](const std::string& text) {
    const model::Platform want = model::Platform::Parse(text);
    return want.os == platform.os &&
           (want.architecture.empty() ||
            want.architecture == platform.architecture) &&
           (want.variant.empty() || want.variant == platform.variant);
  });
}

// Collects platform images, each digest once.
class Selection {
 public:
  Selection(const RepositoryView& view, std::vector<std::string> platforms)
      : view_(view), platforms_(std::move(platforms)) {}

  void AddManifest(const model::ManifestEntry& manifest, const std::string& tag,
                   int depth = 0) {
    if (!manifest.unsupported.empty()) {
      Add({manifest.digest, tag,
           Unsupported(FailureCode::kUnsupportedMedia, manifest.unsupported)});
      return;
    }
    if (manifest.children.empty()) {
      AddImage(manifest.digest, manifest.platform, tag);
      return;
    }
    for (const model::Descriptor& child : manifest.children) {
      AddChild(child, tag, depth);
    }
  }

  void AddChild(const model::Descriptor& child, const std::string& tag,
                int depth) {
    if (child.attestation) return;
    if (!child.artifact_type.empty()) {
      Add({child.digest, tag,
           Unsupported(FailureCode::kUnsupportedMedia,
                       base::StrCat("is no image but ",
                                    base::Printable(child.artifact_type)))});
      return;
    }
    const ManifestRow* nested = FindManifest(view_, child.digest);
    if (nested != nullptr && !nested->entry.children.empty()) {
      if (depth < kMaxIndexDepth) AddManifest(nested->entry, tag, depth + 1);
      return;
    }
    AddImage(child.digest, child.platform, tag);
  }

  std::vector<SelectedImage> Take() { return std::move(images_); }

 private:
  // A platform that nobody told (an image whose config was not read yet) is
  // Linux until its config says otherwise.
  void AddImage(const model::Digest& digest, const model::Platform& platform,
                const std::string& tag) {
    if (!platforms_.empty() && !platform.os.empty() &&
        !PlatformMatches(platform, platforms_)) {
      return;
    }
    SelectedImage image{digest, tag, std::nullopt};
    if (!platform.os.empty() && platform.os != "linux") {
      image.unsupported =
          Unsupported(FailureCode::kUnsupportedPlatform,
                      base::StrCat("is for ", platform.ToString(),
                                   "; only Linux images are scanned"));
    }
    Add(std::move(image));
  }

  void Add(SelectedImage image) {
    if (seen_.insert(image.digest).second) images_.push_back(std::move(image));
  }

  const RepositoryView& view_;
  const std::vector<std::string> platforms_;
  std::set<model::Digest> seen_;
  std::vector<SelectedImage> images_;
};

// When what the tag names was updated: the registry's push time, else when the
// tag was seen to move, else when the manifest was first seen.
absl::Time Updated(const ManifestRow& manifest, const TagRow* tag) {
  if (manifest.entry.pushed) return *manifest.entry.pushed;
  if (tag != nullptr && tag->moved) return *tag->moved;
  return manifest.first_seen;
}

struct Candidate {
  const TagRow* tag = nullptr;  // none for an untagged manifest
  const ManifestRow* manifest = nullptr;
  absl::Time updated;
};

std::vector<Candidate> TaggedCandidates(const RepositoryView& view,
                                        const model::Scope& scope) {
  std::vector<Candidate> candidates;
  for (const TagRow& tag : view.tags) {
    if (!GlobSelects(scope.tag_include, scope.tag_exclude, tag.tag)) continue;
    const ManifestRow* manifest = FindManifest(view, tag.digest);
    if (manifest == nullptr) continue;
    candidates.push_back({&tag, manifest, Updated(*manifest, &tag)});
  }
  if (scope.newest > 0 && candidates.size() > scope.newest) {
    std::ranges::sort(candidates, [](const auto& a, const auto& b) {
      return std::tie(a.updated, a.tag->tag) > std::tie(b.updated, b.tag->tag);
    });
    candidates.resize(scope.newest);
  }
  return candidates;
}

std::vector<Candidate> UntaggedCandidates(const RepositoryView& view) {
  std::set<model::Digest> named;
  for (const TagRow& tag : view.tags) named.insert(tag.digest);
  for (const ManifestRow& manifest : view.manifests) {
    for (const model::Descriptor& child : manifest.entry.children) {
      named.insert(child.digest);
    }
  }
  std::vector<Candidate> candidates;
  for (const ManifestRow& manifest : view.manifests) {
    if (named.contains(manifest.entry.digest)) continue;
    candidates.push_back({nullptr, &manifest, Updated(manifest, nullptr)});
  }
  return candidates;
}

}  // namespace

std::vector<SelectedImage> SelectImages(const RepositoryView& view,
                                        const model::Scope& scope,
                                        absl::Time now) {
  std::vector<Candidate> candidates = TaggedCandidates(view, scope);
  if (scope.untagged) {
    for (const Candidate& candidate : UntaggedCandidates(view)) {
      candidates.push_back(candidate);
    }
  }
  Selection selection(view, scope.platforms);
  for (const Candidate& candidate : candidates) {
    if (now - candidate.updated > scope.updated_within) continue;
    selection.AddManifest(candidate.manifest->entry,
                          candidate.tag != nullptr ? candidate.tag->tag : "");
  }
  return selection.Take();
}

std::vector<SelectedImage> SelectTag(const RepositoryView& view,
                                     const std::string& tag) {
  Selection selection(view, {});
  for (const TagRow& row : view.tags) {
    if (row.tag != tag) continue;
    if (const ManifestRow* manifest = FindManifest(view, row.digest)) {
      selection.AddManifest(manifest->entry, tag);
    }
  }
  return selection.Take();
}

std::vector<SelectedImage> SelectDigest(const RepositoryView& view,
                                        const model::Digest& digest) {
  Selection selection(view, {});
  if (const ManifestRow* manifest = FindManifest(view, digest)) {
    selection.AddManifest(manifest->entry, "");
    return selection.Take();
  }
  for (const ManifestRow& manifest : view.manifests) {
    for (const model::Descriptor& child : manifest.entry.children) {
      if (child.digest == digest) selection.AddChild(child, "", 0);
    }
  }
  return selection.Take();
}

}  // namespace landwaiter::analyzer::queue
