#include "tests/simulation/world.h"

#include <nlohmann/json.hpp>

#include "agent/layer/testing/archive_builder.h"
#include "core/base/strings.h"

namespace landwaiter::simulation {
namespace {

using agent::layer::testing::ArchiveBuilder;
using agent::layer::testing::Gzip;

constexpr const char* kManifestType =
    "application/vnd.oci.image.manifest.v1+json";
constexpr const char* kIndexType = "application/vnd.oci.image.index.v1+json";

struct Layer {
  model::Digest blob;
  model::Digest diff_id;
  size_t size;
};

class Builder {
 public:
  World Build() {
    const Layer base = AddLayer("base", {"libc6", "bad-openssl"});
    const Layer python = AddLayer("python", {"python3", "bad-python"});
    const Layer node = AddLayer("node", {"nodejs"});
    const Layer app = AddLayer("app", {"bad-app", "app"});
    for (int i = 0; i < 4; ++i) {
      const Layer own =
          AddLayer("own" + std::to_string(i), {"own" + std::to_string(i)});
      AddImage("team/app", "v" + std::to_string(i),
               {base, i % 2 == 0 ? python : node, own});
    }
    AddImage("team/same", "latest", {base, python});
    AddImage("team/same", "other", {base, python, app});
    AddIndex("team/multi", "latest",
             {AddImage("team/multi", "", {base, node}, "amd64"),
              AddImage("team/multi", "", {base, app}, "arm64")});
    AddBroken("team/broken", "cut");
    world_.tags["team/empty"];
    return std::move(world_);
  }

 private:
  model::Digest Blob(std::string bytes) {
    const auto digest = model::Digest::Of(bytes);
    world_.blobs[digest] = std::move(bytes);
    return digest;
  }

  Layer AddLayer(const std::string& name,
                 const std::vector<std::string>& packages) {
    ArchiveBuilder archive;
    archive.File("etc/os-release", "ID=debian\nVERSION_ID=12\n");
    for (const std::string& package : packages) {
      archive.File("var/lib/dpkg/status.d/" + package,
                   base::StrCat("Package: ", package,
                                "\nStatus: install ok installed\nVersion: 1.0-",
                                name, "\nArchitecture: amd64\n"));
    }
    const std::string tar = archive.Finish();
    const std::string gzip = Gzip(tar);
    return {Blob(gzip), model::Digest::Of(tar), gzip.size()};
  }

  model::Digest AddImage(const std::string& repository, const std::string& tag,
                         const std::vector<Layer>& layers,
                         const std::string& architecture = "amd64") {
    nlohmann::ordered_json config = {
        {"os", "linux"},
        {"architecture", architecture},
        {"rootfs",
         {{"type", "layers"}, {"diff_ids", nlohmann::json::array()}}}};
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Layer& layer : layers) {
      config["rootfs"]["diff_ids"].push_back(layer.diff_id.text());
      list.push_back(
          {{"mediaType", "application/vnd.oci.image.layer.v1.tar+gzip"},
           {"digest", layer.blob.text()},
           {"size", layer.size}});
    }
    // Images that differ in nothing else differ in their name.
    config["author"] = repository + ":" + tag;
    const std::string config_text = config.dump();
    const nlohmann::ordered_json manifest = {
        {"schemaVersion", 2},
        {"mediaType", kManifestType},
        {"config",
         {{"mediaType", "application/vnd.oci.image.config.v1+json"},
          {"digest", Blob(config_text).text()},
          {"size", config_text.size()}}},
        {"layers", list}};
    return AddManifest(repository, tag, manifest.dump());
  }

  model::Digest AddManifest(const std::string& repository,
                            const std::string& tag, std::string text,
                            bool scannable = true) {
    const auto digest = model::Digest::Of(text);
    world_.manifests[digest] = std::move(text);
    world_.images.push_back({repository, digest, tag, scannable});
    if (!tag.empty()) world_.tags[repository][tag] = digest;
    return digest;
  }

  void AddIndex(const std::string& repository, const std::string& tag,
                const std::vector<model::Digest>& children) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    const char* kArchitectures[] = {"amd64", "arm64"};
    for (size_t i = 0; i < children.size(); ++i) {
      list.push_back(
          {{"mediaType", kManifestType},
           {"digest", children[i].text()},
           {"size", world_.manifests[children[i]].size()},
           {"platform",
            {{"os", "linux"}, {"architecture", kArchitectures[i]}}}});
    }
    const std::string text = nlohmann::ordered_json{
        {"schemaVersion", 2},
        {"mediaType", kIndexType},
        {"manifests", list}}.dump();
    const auto digest = model::Digest::Of(text);
    world_.manifests[digest] = text;
    world_.tags[repository][tag] = digest;
  }

  // An image whose one layer is a gzip stream that ends too early.
  void AddBroken(const std::string& repository, const std::string& tag) {
    Layer layer = AddLayer("broken", {"never-seen"});
    std::string bytes = world_.blobs[layer.blob];
    world_.blobs.erase(layer.blob);
    bytes.resize(bytes.size() - 20);
    layer.size = bytes.size();
    layer.blob = Blob(std::move(bytes));
    AddImage(repository, tag, {layer});
    world_.images.back().scannable = false;
  }

  World world_;
};

}  // namespace

const World& TheWorld() {
  static const World* const world = new World(Builder().Build());
  return *world;
}

}  // namespace landwaiter::simulation
