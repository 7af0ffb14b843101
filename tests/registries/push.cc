#include "tests/registries/push.h"

#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/base/strings.h"

namespace landwaiter::test {
namespace {

// Digests of the blobs that a manifest names.
std::set<std::string> BlobsOf(const std::string& manifest) {
  std::set<std::string> digests;
  const auto json = nlohmann::json::parse(manifest);
  if (json.contains("config")) digests.insert(json["config"]["digest"]);
  if (json.contains("layers")) {
    for (const auto& layer : json["layers"]) digests.insert(layer["digest"]);
  }
  return digests;
}

}  // namespace

Pusher::Pusher(const http::ClientOptions& registry, Authorize authorize)
    : registry_(registry.base),
      client_(*http::NewClient(registry)),
      authorize_(std::move(authorize)) {}

http::Response Pusher::Send(const std::string& repository,
                            http::Request request, int expected) {
  request.headers = authorize_(repository);
  auto response = client_->Send(request);
  if (response.ok() && response->status == expected) {
    return *std::move(response);
  }
  std::cerr << request.method << " " << request.target << ": ";
  if (response.ok()) {
    std::cerr << response->status << " " << response->body << std::endl;
  } else {
    std::cerr << response.status() << std::endl;
  }
  std::abort();
}

void Pusher::PushBlob(const std::string& repository, const std::string& bytes) {
  const http::Response begun =
      Send(repository,
           {.method = "POST",
            .target = base::StrCat("/v2/", repository, "/blobs/uploads/")},
           202);
  const http::Url upload =
      *registry_.Resolve(*http::FindHeader(begun.headers, "Location"));
  const bool query = base::Contains(upload.target, "?");
  Send(repository,
       {.method = "PUT",
        .target = base::StrCat(upload.target, query ? "&" : "?",
                               "digest=", model::Digest::Of(bytes).text()),
        .body = bytes,
        .content_type = "application/octet-stream"},
       201);
}

void Pusher::PushManifest(const std::string& repository,
                          const std::string& reference,
                          const std::string& media_type,
                          const std::string& bytes) {
  Send(repository,
       {.method = "PUT",
        .target = base::StrCat("/v2/", repository, "/manifests/", reference),
        .body = bytes,
        .content_type = media_type},
       201);
}

void Pusher::DeleteManifest(const std::string& repository,
                            const model::Digest& digest) {
  Send(repository,
       {.method = "DELETE",
        .target =
            base::StrCat("/v2/", repository, "/manifests/", digest.text())},
       202);
}

void Pusher::Push(const RegistryContent& content) {
  for (const auto& [name, repository] : content.repositories) {
    std::set<std::string> blobs;
    for (const auto& [digest, manifest] : repository.manifests) {
      blobs.merge(BlobsOf(manifest.bytes));
    }
    for (const std::string& blob : blobs) {
      PushBlob(name, content.blobs.at(*model::Digest::Parse(blob)));
    }
    // An index comes after what it names.
    for (const bool index : {false, true}) {
      for (const auto& [digest, manifest] : repository.manifests) {
        if (manifest.children.empty() == index) continue;
        PushManifest(name, digest.text(), manifest.media_type, manifest.bytes);
      }
    }
    for (const auto& [tag, stored] : repository.tags) {
      const StoredManifest& manifest = repository.manifests.at(stored.digest);
      PushManifest(name, tag, manifest.media_type, manifest.bytes);
    }
  }
}

void Pusher::Copy(const RegistryContent& content, const std::string& from,
                  const std::string& to, const std::string& tag) {
  const StoredRepository& source = content.repositories.at(from);
  const StoredManifest& manifest =
      source.manifests.at(source.tags.at(tag).digest);
  for (const std::string& blob : BlobsOf(manifest.bytes)) {
    Send(to,
         {.method = "POST",
          .target = base::StrCat("/v2/", to, "/blobs/uploads/?mount=", blob,
                                 "&from=", from)},
         201);
  }
  PushManifest(to, tag, manifest.media_type, manifest.bytes);
}

RegistryContent PushableContent() {
  RegistryContent content = StandardContent();
  StoredRepository& tools = content.repositories.at("team-b/tools");
  std::erase_if(tools.manifests, [](const auto& manifest) {
    return manifest.second.media_type == kSchema1;
  });
  tools.tags.erase("old");
  return content;
}

}  // namespace landwaiter::test
