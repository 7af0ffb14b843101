#include "tests/contract/layers/unpackers.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "core/base/strings.h"
#include "core/base/subprocess.h"
#include "core/model/digest.h"

namespace landwaiter::contract {
namespace {

void Write(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Stores `bytes` in the layout; their descriptor.
std::string AddBlob(const std::string& layout, const std::string& bytes,
                    const std::string& type) {
  const model::Digest digest = model::Digest::Of(bytes);
  Write(base::StrCat(layout, "/blobs/sha256/", digest.hex()), bytes);
  return base::StrCat(R"({"mediaType":"application/vnd.oci.image.)", type,
                      R"(","digest":")", digest.text(), R"(","size":)",
                      bytes.size(), "}");
}

// An OCI layout with one image, "image".
void WriteLayout(const std::string& layout,
                 const std::vector<std::string>& layers) {
  std::filesystem::create_directories(layout + "/blobs/sha256");
  std::string descriptors;
  std::string diff_ids;
  for (const std::string& bytes : layers) {
    const std::string_view comma = descriptors.empty() ? "" : ",";
    base::StrAppend(&descriptors, comma,
                    AddBlob(layout, bytes, "layer.v1.tar"));
    base::StrAppend(&diff_ids, comma, "\"", model::Digest::Of(bytes).text(),
                    "\"");
  }
  const std::string config =
      AddBlob(layout,
              base::StrCat(
                  R"({"architecture":"amd64","os":"linux","config":{},)",
                  R"("rootfs":{"type":"layers","diff_ids":[)", diff_ids, "]}}"),
              "config.v1+json");
  std::string manifest =
      AddBlob(layout,
              base::StrCat(R"({"schemaVersion":2,"config":)", config,
                           R"(,"layers":[)", descriptors, "]}"),
              "manifest.v1+json");
  manifest.pop_back();
  Write(layout + "/index.json",
        base::StrCat(
            R"({"schemaVersion":2,"manifests":[)", manifest,
            R"(,"annotations":{"org.opencontainers.image.ref.name":"image"})",
            "}]}"));
  Write(layout + "/oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
}

}  // namespace

Scratch::Scratch()
    : path_(base::StrCat(::testing::TempDir(), "/layers-", getpid())) {
  std::filesystem::remove_all(path_);
  std::filesystem::create_directories(path_);
}
Scratch::~Scratch() { std::filesystem::remove_all(path_); }

std::string Scratch::NewDirectory() {
  const std::filesystem::path path = path_ / std::to_string(next_++);
  std::filesystem::create_directories(path);
  return path.string();
}

bool Shell(const std::string& script) {
  base::ProgramCall call;
  call.arguments = {"bash", "-c", "exec 2>/dev/null; set -e\n" + script};
  const auto result = base::RunProgram(call);
  return result.ok() && result->exit_code == 0;
}

bool Usable(const std::string& program) {
  return geteuid() == 0 && Shell("command -v " + program);
}

std::optional<Tree> UnpackWithUmoci(const std::vector<std::string>& layers,
                                    Scratch& scratch) {
  const std::string directory = scratch.NewDirectory();
  WriteLayout(directory + "/layout", layers);
  if (!Shell("cd " + directory + "; umoci unpack --image layout:image b")) {
    return std::nullopt;
  }
  return TreeOnDisk(directory + "/b/rootfs");
}

std::optional<Tree> UnpackWithTar(const std::string& program,
                                  const std::string& archive,
                                  Scratch& scratch) {
  const std::string directory = scratch.NewDirectory();
  Write(directory + "/a.tar", archive);
  if (!Shell("cd " + directory + "; mkdir root; " + program +
             " -C root --numeric-owner -xpf a.tar")) {
    return std::nullopt;
  }
  return TreeOnDisk(directory + "/root");
}

}  // namespace landwaiter::contract
