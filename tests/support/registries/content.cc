#include "tests/support/registries/content.h"

#include <nlohmann/json.hpp>

#include "agent/layer/testing/archive_builder.h"
#include "core/base/strings.h"

namespace landwaiter::test {
namespace {

using Json = nlohmann::ordered_json;
using agent::layer::testing::ArchiveBuilder;
using agent::layer::testing::Gzip;

std::string DpkgStatus(const ImageSpec& spec) {
  std::string status;
  for (const auto& [name, version] : spec.packages) {
    base::StrAppend(&status, "Package: ", name,
                    "\nStatus: install ok installed\nVersion: ", version,
                    "\nArchitecture: ", spec.architecture, "\n\n");
  }
  return status;
}

Json Described(const std::string& media_type, const model::Digest& digest,
               size_t size) {
  return {{"mediaType", media_type}, {"digest", digest.text()}, {"size", size}};
}

model::Descriptor ChildOf(const Json& entry) {
  model::Descriptor child{
      .media_type = entry.value("mediaType", ""),
      .digest = *model::Digest::Parse(entry["digest"].get<std::string>()),
      .size = entry["size"].get<uint64_t>()};
  if (entry.contains("platform")) {
    child.platform.os = entry["platform"]["os"].get<std::string>();
    child.platform.architecture =
        entry["platform"]["architecture"].get<std::string>();
  }
  child.attestation = entry.contains("annotations");
  return child;
}

// What a registry works out of a manifest that was pushed.
void ReadWhatItSays(StoredManifest& manifest) {
  const Json json = Json::parse(manifest.bytes, nullptr, false);
  if (!json.is_object()) return;
  if (json.contains("manifests")) {
    for (const Json& entry : json["manifests"]) {
      manifest.children.push_back(ChildOf(entry));
    }
    return;
  }
  if (!json.contains("config")) return;
  manifest.config_media_type = json["config"].value("mediaType", "");
  manifest.size = json["config"].value("size", 0);
  for (const Json& layer : json["layers"]) {
    manifest.size += layer.value("size", 0);
  }
}

}  // namespace

model::Digest RegistryContent::PushBlob(std::string bytes) {
  const model::Digest digest = model::Digest::Of(bytes);
  blobs[digest] = std::move(bytes);
  return digest;
}

model::Digest RegistryContent::PushManifest(const std::string& repository,
                                            const std::string& tag,
                                            const std::string& media_type,
                                            std::string bytes) {
  const model::Digest digest = model::Digest::Of(bytes);
  StoredManifest manifest{
      .media_type = media_type, .bytes = std::move(bytes), .pushed = now};
  ReadWhatItSays(manifest);
  repositories[repository].manifests.emplace(digest, std::move(manifest));
  if (!tag.empty()) Tag(repository, tag, digest);
  now += absl::Minutes(1);
  return digest;
}

void RegistryContent::Tag(const std::string& repository, const std::string& tag,
                          const model::Digest& digest) {
  repositories[repository].tags[tag] = {digest, now};
}

model::Digest RegistryContent::PushImage(const std::string& repository,
                                         const std::string& tag,
                                         const ImageSpec& spec) {
  ArchiveBuilder archive;
  archive.File("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
  archive.File("var/lib/dpkg/status", DpkgStatus(spec));
  const std::string tar = archive.Finish();
  const std::string layer = Gzip(tar);
  const std::string config =
      Json{
          {"os", spec.os},
          {"architecture", spec.architecture},
          {"author", base::StrCat(repository, " ", spec.label)},
          {"rootfs",
           {{"type", "layers"}, {"diff_ids", {model::Digest::Of(tar).text()}}}}}
          .dump();
  const Json manifest = {
      {"schemaVersion", 2},
      {"mediaType", kOciManifest},
      {"config", Described(kOciConfig, PushBlob(config), config.size())},
      {"layers", {Described(kOciLayer, PushBlob(layer), layer.size())}}};
  return PushManifest(repository, tag, kOciManifest, manifest.dump());
}

model::Digest RegistryContent::PushIndex(
    const std::string& repository, const std::string& tag,
    const std::vector<IndexEntry>& entries) {
  Json list = Json::array();
  for (const IndexEntry& entry : entries) {
    const StoredManifest& manifest =
        repositories[repository].manifests.at(entry.digest);
    Json json =
        Described(manifest.media_type, entry.digest, manifest.bytes.size());
    json["platform"] = {
        {"architecture", entry.attestation ? "unknown" : entry.architecture},
        {"os", entry.attestation ? "unknown" : entry.os}};
    if (entry.attestation) {
      json["annotations"] = {
          {"vnd.docker.reference.type", "attestation-manifest"}};
    }
    list.push_back(std::move(json));
  }
  const Json index = {{"schemaVersion", 2},
                      {"mediaType", kOciIndex},
                      {"manifests", std::move(list)}};
  return PushManifest(repository, tag, kOciIndex, index.dump());
}

model::Digest RegistryContent::PushArtifact(
    const std::string& repository, const std::string& tag,
    const std::string& config_media_type, const std::string& layer_media_type,
    const std::string& extra_members) {
  const std::string config = "{}";
  const std::string layer = base::StrCat(layer_media_type, " of ", tag);
  Json manifest = {
      {"schemaVersion", 2},
      {"mediaType", kOciManifest},
      {"config", Described(config_media_type, PushBlob(config), config.size())},
      {"layers", {Described(layer_media_type, PushBlob(layer), layer.size())}}};
  manifest.update(Json::parse(extra_members));
  return PushManifest(repository, tag, kOciManifest, manifest.dump());
}

model::Digest RegistryContent::PushHelmChart(const std::string& repository,
                                             const std::string& tag) {
  return PushArtifact(
      repository, tag, "application/vnd.cncf.helm.config.v1+json",
      "application/vnd.cncf.helm.chart.content.v1.tar+gzip", "{}");
}

model::Digest RegistryContent::PushSignature(const std::string& repository,
                                             const model::Digest& subject) {
  std::string tag = subject.text();
  tag[tag.find(':')] = '-';
  return PushArtifact(repository, tag + ".sig", kOciConfig,
                      "application/vnd.dev.cosign.simplesigning.v1+json", "{}");
}

model::Digest RegistryContent::PushSbom(const std::string& repository,
                                        const model::Digest& subject) {
  const StoredManifest& manifest =
      repositories[repository].manifests.at(subject);
  const Json extra = {{"artifactType", "application/spdx+json"},
                      {"subject", Described(manifest.media_type, subject,
                                            manifest.bytes.size())}};
  return PushArtifact(repository, "", "application/vnd.oci.empty.v1+json",
                      "application/spdx+json", extra.dump());
}

model::Digest RegistryContent::PushSchema1(const std::string& repository,
                                           const std::string& tag) {
  const Json manifest = {
      {"schemaVersion", 1},
      {"name", repository},
      {"tag", tag},
      {"architecture", "amd64"},
      {"fsLayers", {{{"blobSum", PushBlob("old layer").text()}}}},
      {"history", {{{"v1Compatibility", "{\"id\":\"1\"}"}}}}};
  return PushManifest(repository, tag, kSchema1, manifest.dump());
}

model::Digest RegistryContent::PushUnknown(const std::string& repository,
                                           const std::string& tag) {
  return PushArtifact(repository, tag,
                      "application/vnd.example.thing.config.v1+json",
                      "application/vnd.example.thing.v1", "{}");
}

std::vector<std::string> RegistryContent::RepositoriesOf(
    const std::string& project) const {
  std::vector<std::string> names;
  for (const auto& [name, repository] : repositories) {
    if (name.starts_with(project + "/")) names.push_back(name);
  }
  return names;
}

RegistryContent StandardContent() {
  RegistryContent content;
  const auto app = content.PushImage("library/app", "v1");
  content.Tag("library/app", "latest", app);
  content.PushImage("library/app", "v2",
                    {.packages = {{"zlib1g", "1:1.3.dfsg-1"}}, .label = "v2"});

  const auto amd64 = content.PushImage("team-a/app", "");
  const auto arm64 =
      content.PushImage("team-a/app", "", {.architecture = "arm64"});
  const auto provenance = content.PushUnknown("team-a/app", "");
  content.PushIndex("team-a/app", "multi",
                    {{.digest = amd64},
                     {.digest = arm64, .architecture = "arm64"},
                     {.digest = provenance, .attestation = true}});
  content.PushImage("team-a/app", "windows", {.os = "windows"});

  const std::string deep = "team-a/sub/deep/app";
  const auto signed_image = content.PushImage(deep, "1.0");
  content.PushHelmChart(deep, "chart-0.1.0");
  content.PushSignature(deep, signed_image);
  content.PushSbom(deep, signed_image);
  content.PushImage(deep, "", {.label = "untagged"});

  content.PushSchema1("team-b/tools", "old");
  content.PushUnknown("team-b/tools", "odd");
  return content;
}

}  // namespace landwaiter::test
