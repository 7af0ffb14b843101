#include "agent/source/layout_source.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "agent/source/json.h"
#include "agent/source/local_file.h"
#include "agent/source/manifest.h"
#include "agent/source/tar_index.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::source {
namespace {

using base::Failure;
using base::FailureCode;

constexpr std::string_view kRefName = "org.opencontainers.image.ref.name";

// The files of a layout, wherever they are.
class Files {
 public:
  virtual ~Files() = default;
  // A small file whole; NotFound if there is none.
  virtual absl::StatusOr<std::string> Read(const std::string& path,
                                           uint64_t limit) = 0;
  virtual absl::Status Stream(const std::string& path,
                              const model::Descriptor& blob, BlobSink sink) = 0;
  virtual bool Has(const std::string& path) = 0;
};

absl::Status TooLarge(const std::string& path, uint64_t limit) {
  return Failure(FailureCode::kLimitExceeded,
                 base::StrCat(path, " has more than ", limit, " bytes"),
                 "manifestSize");
}

class DirectoryFiles : public Files {
 public:
  explicit DirectoryFiles(std::string root) : root_(std::move(root)) {}
  absl::StatusOr<std::string> Read(const std::string& path,
                                   uint64_t limit) override {
    LANDWAITER_ASSIGN_OR_RETURN(const LocalFile file,
                                LocalFile::Open(root_ + "/" + path));
    if (file.size() > limit) return TooLarge(path, limit);
    return file.ReadString(0, file.size());
  }
  absl::Status Stream(const std::string& path, const model::Descriptor& blob,
                      BlobSink sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(const LocalFile file,
                                LocalFile::Open(root_ + "/" + path));
    return file.StreamBlob(0, file.size(), blob, sink);
  }
  bool Has(const std::string& path) override {
    return LocalFile::Open(root_ + "/" + path).ok();
  }

 private:
  const std::string root_;
};

class ArchiveFiles : public Files {
 public:
  ArchiveFiles(LocalFile file, TarIndex index)
      : file_(std::move(file)), index_(std::move(index)) {}
  absl::StatusOr<std::string> Read(const std::string& path,
                                   uint64_t limit) override {
    LANDWAITER_ASSIGN_OR_RETURN(const TarEntry entry, Find(path));
    if (entry.size > limit) return TooLarge(path, limit);
    return file_.ReadString(entry.offset, entry.size);
  }
  absl::Status Stream(const std::string& path, const model::Descriptor& blob,
                      BlobSink sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(const TarEntry entry, Find(path));
    return file_.StreamBlob(entry.offset, entry.size, blob, sink);
  }
  bool Has(const std::string& path) override { return index_.contains(path); }

 private:
  absl::StatusOr<TarEntry> Find(const std::string& path) const {
    const auto found = index_.find(path);
    if (found != index_.end()) return found->second;
    return Failure(FailureCode::kNotFound,
                   base::StrCat("the archive has no ", path));
  }
  const LocalFile file_;
  const TarIndex index_;
};

std::string BlobPath(const model::Digest& digest) {
  return base::StrCat("blobs/sha256/", digest.hex());
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
    return files_->Stream(BlobPath(blob.digest), blob, sink);
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
      const auto annotations = entry.find("annotations");
      const std::string entry_name =
          annotations != entry.end() && annotations->is_object()
              ? TextAt(*annotations, kRefName.data())
              : "";
      if ((name.empty() && entries->size() == 1) ||
          (!name.empty() && entry_name == name)) {
        return model::Digest::Parse(TextAt(entry, "digest"));
      }
      base::StrAppend(&names, names.empty() ? "" : ", ",
                      base::Printable(entry_name, 60));
    }
    return Failure(FailureCode::kNotFound,
                   base::StrCat("the layout has no image named \"", name,
                                "\"; it has: ", names));
  }

  const std::unique_ptr<Files> files_;
};

// manifest.json of `docker save`, turned into an OCI manifest and config.
class DockerArchiveSource : public ImageSource {
 public:
  explicit DockerArchiveSource(std::unique_ptr<ArchiveFiles> files,
                               TarIndex index)
      : files_(std::move(files)), index_(std::move(index)) {}

  absl::StatusOr<RawManifest> GetManifest(std::string_view reference,
                                          uint64_t limit) override {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string bytes,
                                files_->Read("manifest.json", limit));
    const auto json = nlohmann::json::parse(bytes, nullptr, false);
    if (!json.is_array()) {
      return Failure(FailureCode::kUnsupportedMedia,
                     "manifest.json is not a list");
    }
    for (const auto& entry : json) {
      if (entry.is_object() && Names(entry, reference, json.size())) {
        return Make(entry);
      }
    }
    return Failure(FailureCode::kNotFound,
                   base::StrCat("the archive has no image tagged \"",
                                base::Printable(reference), "\""));
  }

  absl::Status FetchBlob(const model::Descriptor& blob,
                         BlobSink sink) override {
    const auto found = paths_.find(blob.digest);
    if (found == paths_.end()) {
      return Failure(
          FailureCode::kNotFound,
          base::StrCat("the archive has no blob ", blob.digest.text()));
    }
    return files_->Stream(found->second, blob, sink);
  }

 private:
  // docker writes "a/b:v1" where skopeo writes "docker.io/a/b:v1".
  static bool SameName(std::string_view a, std::string_view b) {
    if (a == b) return true;
    const auto name = model::ImageReference::Parse(a);
    const auto other = model::ImageReference::Parse(b);
    return name.ok() && other.ok() && *name == *other;
  }

  static bool Names(const nlohmann::json& entry, std::string_view reference,
                    size_t images) {
    if (reference.empty()) return images == 1;
    const auto tags = entry.find("RepoTags");
    if (tags == entry.end() || !tags->is_array()) return false;
    for (const auto& tag : *tags) {
      if (tag.is_string() && SameName(tag.get<std::string>(), reference)) {
        return true;
      }
    }
    return false;
  }

  absl::StatusOr<RawManifest> Make(const nlohmann::json& entry) {
    const std::string config_path = TextAt(entry, "Config");
    LANDWAITER_ASSIGN_OR_RETURN(const std::string config,
                                files_->Read(config_path, kMaxConfigBytes));
    LANDWAITER_ASSIGN_OR_RETURN(const ConfigFile file, ReadConfig(config));
    const auto layers = entry.find("Layers");
    if (layers == entry.end() || !layers->is_array() ||
        layers->size() != file.diff_ids.size()) {
      return Failure(FailureCode::kUnsupportedMedia,
                     "manifest.json and the config disagree on the layers");
    }
    const auto config_digest = model::Digest::Of(config);
    nlohmann::ordered_json manifest = {
        {"schemaVersion", 2},
        {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
        {"config",
         {{"mediaType", "application/vnd.oci.image.config.v1+json"},
          {"digest", config_digest.text()},
          {"size", config.size()}}},
        {"layers", nlohmann::ordered_json::array()}};
    paths_[config_digest] = config_path;
    for (size_t i = 0; i < layers->size(); ++i) {
      const std::string path = (*layers)[i].is_string()
                                   ? (*layers)[i].get<std::string>()
                                   : std::string();
      const auto found = index_.find(path);
      if (found == index_.end()) {
        return Failure(
            FailureCode::kNotFound,
            base::StrCat("the archive has no layer ", base::Printable(path)));
      }
      // The layer is the plain tar, so its digest is its diffID.
      const model::Digest& digest = file.diff_ids[i];
      paths_[digest] = path;
      manifest["layers"].push_back(
          {{"mediaType", "application/vnd.oci.image.layer.v1.tar"},
           {"digest", digest.text()},
           {"size", found->second.size}});
    }
    std::string bytes = manifest.dump();
    const auto digest = model::Digest::Of(bytes);
    return RawManifest{"application/vnd.oci.image.manifest.v1+json", digest,
                       std::move(bytes)};
  }

  const std::unique_ptr<ArchiveFiles> files_;
  const TarIndex index_;
  // Filled by GetManifest, which callers make before they fetch.
  std::map<model::Digest, std::string> paths_;
};

struct Archive {
  std::unique_ptr<ArchiveFiles> files;
  TarIndex index;
};

absl::StatusOr<Archive> OpenArchive(const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(LocalFile file, LocalFile::Open(path));
  LANDWAITER_ASSIGN_OR_RETURN(TarIndex index, IndexTar(file));
  Archive archive;
  archive.files = std::make_unique<ArchiveFiles>(std::move(file), index);
  archive.index = std::move(index);
  return archive;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ImageSource>> OpenLayoutDirectory(
    const std::string& path) {
  auto files = std::make_unique<DirectoryFiles>(path);
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
  LANDWAITER_ASSIGN_OR_RETURN(Archive archive, OpenArchive(path));
  if (!archive.files->Has("index.json")) {
    return Failure(FailureCode::kUnsupportedMedia,
                   base::StrCat(path,
                                " has no index.json: is it a "
                                "docker-archive?"));
  }
  return std::make_unique<LayoutSource>(std::move(archive.files));
}

absl::StatusOr<std::unique_ptr<ImageSource>> OpenDockerArchive(
    const std::string& path) {
  LANDWAITER_ASSIGN_OR_RETURN(Archive archive, OpenArchive(path));
  if (!archive.files->Has("manifest.json")) {
    return Failure(FailureCode::kUnsupportedMedia,
                   base::StrCat(path,
                                " has no manifest.json: is it an "
                                "oci-archive?"));
  }
  return std::make_unique<DockerArchiveSource>(std::move(archive.files),
                                               std::move(archive.index));
}

}  // namespace landwaiter::agent::source
