#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_CONTENT_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_CONTENT_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "core/model/digest.h"
#include "core/model/image.h"

// What a simulated registry holds, whoever's API it shows.
namespace landwaiter::test {

inline constexpr char kOciManifest[] =
    "application/vnd.oci.image.manifest.v1+json";
inline constexpr char kOciIndex[] = "application/vnd.oci.image.index.v1+json";
inline constexpr char kOciConfig[] = "application/vnd.oci.image.config.v1+json";
inline constexpr char kOciLayer[] =
    "application/vnd.oci.image.layer.v1.tar+gzip";
inline constexpr char kSchema1[] =
    "application/vnd.docker.distribution.manifest.v1+prettyjws";

struct StoredManifest {
  std::string media_type;
  std::string bytes;
  absl::Time pushed;
  uint64_t size = 0;              // of its layers and config; 0 for an index
  std::string config_media_type;  // empty for an index
  std::vector<model::Descriptor> children;  // of an index
};

struct StoredTag {
  model::Digest digest;
  absl::Time pushed;
};

struct StoredRepository {
  std::map<model::Digest, StoredManifest> manifests;
  std::map<std::string, StoredTag> tags;
};

// An image that can really be scanned: an os-release and packages of dpkg.
struct ImageSpec {
  std::string os = "linux";
  std::string architecture = "amd64";
  std::vector<std::pair<std::string, std::string>> packages = {
      {"zlib1g", "1:1.2.13.dfsg-1"}};  // name, version
  std::string label;                   // tells it apart from one like it
};

// Not thread-safe: to be changed between requests.
class RegistryContent {
 public:
  // By the name under /v2/.
  std::map<std::string, StoredRepository> repositories;
  std::map<model::Digest, std::string> blobs;
  // Of the next push; each push moves it on by a minute.
  absl::Time now = absl::FromUnixSeconds(1'767'225'600);  // 2026-01-01

  model::Digest PushBlob(std::string bytes);
  // `tag` may be empty. What the manifest says of itself is worked out.
  model::Digest PushManifest(const std::string& repository,
                             const std::string& tag,
                             const std::string& media_type, std::string bytes);
  void Tag(const std::string& repository, const std::string& tag,
           const model::Digest& digest);

  model::Digest PushImage(const std::string& repository, const std::string& tag,
                          const ImageSpec& spec = {});
  // Of images that are there already.
  struct IndexEntry {
    model::Digest digest;
    std::string os = "linux";
    std::string architecture = "amd64";
    bool attestation = false;
  };
  model::Digest PushIndex(const std::string& repository, const std::string& tag,
                          const std::vector<IndexEntry>& entries);

  // What is no runnable Linux image.
  model::Digest PushHelmChart(const std::string& repository,
                              const std::string& tag);
  // Cosign's signature of `subject`, under its tag sha256-<hex>.sig.
  model::Digest PushSignature(const std::string& repository,
                              const model::Digest& subject);
  // An SPDX document with a subject and an artifactType, untagged.
  model::Digest PushSbom(const std::string& repository,
                         const model::Digest& subject);
  model::Digest PushSchema1(const std::string& repository,
                            const std::string& tag);
  // An artifact whose config is of a media type that nobody knows.
  model::Digest PushUnknown(const std::string& repository,
                            const std::string& tag);

  // The repositories whose first segment is `project`, in order.
  std::vector<std::string> RepositoriesOf(const std::string& project) const;

 private:
  // An artifact of one layer and a config of that media type.
  model::Digest PushArtifact(const std::string& repository,
                             const std::string& tag,
                             const std::string& config_media_type,
                             const std::string& layer_media_type,
                             const std::string& extra_members);
};

// Three projects with nested names and one of everything:
//   library/app              v1, latest (one image), v2
//   team-a/app               multi (amd64 + arm64 + attestation), windows
//   team-a/sub/deep/app      1.0, helm chart, signature, SBOM, untagged image
//   team-b/tools             old (schema 1), odd (unknown media type)
RegistryContent StandardContent();

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_CONTENT_H_
