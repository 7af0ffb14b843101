#include "agent/source/layout_source.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "agent/source/docker_archive.h"
#include "agent/source/files.h"
#include "agent/source/json.h"
#include "agent/source/manifest.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::source {
namespace {

using base::Failure;
using base::FailureCode;

constexpr char kRefName[] = "org.opencontainers.image.ref.name";

std::string BlobPath(const model::Digest& digest) {
  return base::StrCat("blobs/sha256/", digest.hex());
}

std::string NameOf(const nlohmann::json& entry) {
  const auto annotations = entry.find("annotations");
  return annotations != entry.end() && annotations->is_object()
             ? TextAt(*annotations, kRefName)
             : "";
}

class LayoutSource : public ImageSource {
 public:
  explicit LayoutSource(std::unique_ptr<Files> files)
      : files_(std::move(files)) {}

  absl::StatusOr<RawManifest> GetManifest(std::string_view reference,
                                          uint64_t limit) override {
    model::Digest digest;
    if (auto parsed = model::Digest::Parse(reference); parsed.ok()) {
      digest = *std::move(parsed);
    } else {
      LANDWAITER_ASSIGN_OR_RETURN(digest, Find(reference));
    }
    LANDWAITER_ASSIGN_OR_RETURN(std::string bytes,
                                files_->Read(BlobPath(digest), limit));
    if (model::Digest::Of(bytes) != digest) {
      return Failure(FailureCode::kDigestMismatch,
                     base::StrCat("the file of manifest ", digest.text(),
                                  " has another digest"));
    }
    return RawManifest{"", std::move(digest), std::move(bytes)};
  }

  absl::Status FetchBlob(const model::Descriptor& blob,
                         BlobSink sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(const Place place,
                                files_->Find(BlobPath(blob.digest)));
    return place.file->StreamBlob(place.offset, place.size, blob, sink);
  }

 private:
  // The entry of index.json with this name; any, if it is the only one.
  absl::StatusOr<model::Digest> Find(std::string_view name) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string bytes,
                                files_->Read("index.json", kMaxManifestBytes));
    LANDWAITER_ASSIGN_OR_RETURN(
        const nlohmann::json json,
        ParseObject(bytes, kMaxJsonDepth, "index.json"));
    const auto entries = json.find("manifests");
    if (entries == json.end() || !entries->is_array()) {
      return Failure(FailureCode::kUnsupportedMedia,
                     "index.json lists no manifests");
    }
    std::string names;
    for (const auto& entry : *entries) {
      if (!entry.is_object()) continue;
      const std::string entry_name = NameOf(entry);
      if ((name.empty() && entries->size() == 1) ||
          (!name.empty() && entry_name == name)) {
        return DigestAt(entry);
      }
      if (names.size() > 500) continue;
      base::StrAppend(&names, names.empty() ? "" : ", ",
                      base::Printable(entry_name, 60));
    }
    return Failure(FailureCode::kNotFound,
                   base::StrCat("the layout has no image named \"",
                                base::Printable(name), "\"; it has: ", names));
  }

  static absl::StatusOr<model::Digest> DigestAt(const nlohmann::json& entry) {
    auto digest = model::Digest::Parse(TextAt(entry, "digest"));
    if (digest.ok()) return digest;
    return Failure(FailureCode::kUnsupportedMedia,
                   base::StrCat("index.json: ", digest.status().message()));
  }

  const std::unique_ptr<Files> files_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ImageSource>> OpenLayoutDirectory(
    const std::string& path) {
  auto files = FilesOfDirectory(path);
  if (!files->Has("index.json")) {
    return Failure(FailureCode::kNotFound,
                   base::StrCat(path,
                                " is not an OCI layout: it has no "
                                "index.json"));
  }
  return std::make_unique<LayoutSource>(std::move(files));
}

absl::StatusOr<std::unique_ptr<ImageSource>> OpenLayoutArchive(
    const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(std::unique_ptr<Files> files,
                              FilesOfArchive(path));
  if (!files->Has("index.json")) {
    return Failure(FailureCode::kUnsupportedMedia,
                   base::StrCat(path,
                                " has no index.json: is it a "
                                "docker-archive?"));
  }
  return std::make_unique<LayoutSource>(std::move(files));
}

absl::StatusOr<std::unique_ptr<ImageSource>> OpenDockerArchive(
    const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(std::unique_ptr<Files> files,
                              FilesOfArchive(path));
  if (!files->Has("manifest.json")) {
    return Failure(FailureCode::kUnsupportedMedia,
                   base::StrCat(path,
                                " has no manifest.json: is it an "
                                "oci-archive?"));
  }
  return NewDockerArchiveSource(std::move(files));
}

}  // namespace landwaiter::agent::source
