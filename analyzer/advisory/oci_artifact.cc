#include "analyzer/advisory/oci_artifact.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "analyzer/advisory/oci_session.h"
#include "core/base/failure.h"
#include "core/base/hash.h"
#include "core/base/hex.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::advisory {
namespace {

using nlohmann::json;

constexpr std::string_view kManifestType =
    "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view kEmptyType = "application/vnd.oci.empty.v1+json";
constexpr std::string_view kEmptyConfig = "{}";
// Of a part of an upload: what memory it takes.
constexpr size_t kPart = size_t{8} << 20;

std::string DigestOf(std::string_view bytes) {
  return base::StrCat("sha256:", base::Sha256Hex(bytes));
}

bool IsDigest(std::string_view text) {
  constexpr std::string_view kAlgorithm = "sha256:";
  return text.starts_with(kAlgorithm) && text.size() == 71 &&
         base::IsLowerHex(text.substr(kAlgorithm.size()));
}

bool IsPathCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-' || c == '/';
}

bool IsTagCharacter(char c) {
  return IsPathCharacter(c) ? c != '/' : c >= 'A' && c <= 'Z';
}

absl::Status Refused(const http::Response& response, std::string_view what) {
  return base::Failure(
      response.status == 404 ? base::FailureCode::kNotFound
                             : base::FailureCode::kNetworkError,
      base::StrCat("the registry answered ", response.status, " to ", what));
}

// Where the upload goes on.
absl::StatusOr<std::string> LocationOf(const http::Response& response) {
  const std::string* location = http::FindHeader(response.headers, "Location");
  if (location == nullptr) {
    return base::Failure(base::FailureCode::kNetworkError,
                         "the registry names no place for an upload");
  }
  // Absolute or not, it is at the registry.
  const size_t scheme = location->find("://");
  if (scheme == std::string::npos) return *location;
  const size_t path = location->find('/', scheme + 3);
  return path == std::string::npos ? "/" : location->substr(path);
}

class Pusher {
 public:
  explicit Pusher(OciSession session) : session_(std::move(session)) {}

  absl::StatusOr<bool> Has(const std::string& digest) {
    http::Request head;
    head.method = "HEAD";
    head.target = session_.Target(base::StrCat("blobs/", digest));
    LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                                session_.Send(head));
    return response.status == 200;
  }

  // Uploads what `next` gives, part by part, until that is empty.
  template <typename Next>
  absl::Status PushBlob(const std::string& digest, Next next) {
    LANDWAITER_ASSIGN_OR_RETURN(const bool known, Has(digest));
    if (known) return absl::OkStatus();
    LANDWAITER_ASSIGN_OR_RETURN(
        std::string place,
        Step("POST", session_.Target("blobs/uploads/"), "", 0, 202));
    uint64_t offset = 0;
    while (true) {
      LANDWAITER_ASSIGN_OR_RETURN(const std::string part, next());
      if (part.empty()) break;
      LANDWAITER_ASSIGN_OR_RETURN(place,
                                  Step("PATCH", place, part, offset, 202));
      offset += part.size();
    }
    const char* joint = base::Contains(place, "?") ? "&" : "?";
    return Step("PUT",
                base::StrCat(place, joint,
                             "digest=", http::EscapeComponent(digest)),
                "", offset, 201)
        .status();
  }

  absl::Status PushManifest(const std::string& reference,
                            const std::string& manifest) {
    http::Request put;
    put.method = "PUT";
    put.target = session_.Target(base::StrCat("manifests/", reference));
    put.body = manifest;
    put.content_type = kManifestType;
    LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                                session_.Send(put));
    return response.status == 201 ? absl::OkStatus()
                                  : Refused(response, "the manifest");
  }

 private:
  absl::StatusOr<std::string> Step(const char* method, std::string target,
                                   const std::string& body, uint64_t offset,
                                   int expected) {
    http::Request request;
    request.method = method;
    request.target = std::move(target);
    request.body = body;
    request.content_type = "application/octet-stream";
    if (!body.empty()) {
      request.headers.emplace_back(
          "Content-Range", base::StrCat(offset, "-", offset + body.size() - 1));
    }
    LANDWAITER_ASSIGN_OR_RETURN(const http::Response response,
                                session_.Send(std::move(request)));
    if (response.status != expected) {
      return Refused(response, base::StrCat("an upload (", method, ")"));
    }
    return LocationOf(response);
  }

  OciSession session_;
};

struct FileFacts {
  std::string digest;
  uint64_t size = 0;
};

absl::StatusOr<FileFacts> FactsOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(base::StrCat("cannot open ", path));
  FileFacts facts;
  base::Sha256 hash;
  std::string buffer(1 << 16, '\0');
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
         in.gcount() > 0) {
    const auto got = static_cast<size_t>(in.gcount());
    hash.Update(std::string_view(buffer).substr(0, got));
    facts.size += got;
  }
  facts.digest = base::StrCat("sha256:", hash.FinishHex());
  return facts;
}

std::string MakeManifest(const FileFacts& stream, const std::string& version) {
  return json{{"schemaVersion", 2},
              {"mediaType", kManifestType},
              {"artifactType", kArtifactType},
              {"config",
               {{"mediaType", kEmptyType},
                {"digest", DigestOf(kEmptyConfig)},
                {"size", kEmptyConfig.size()}}},
              {"layers",
               {{{"mediaType", kStreamMediaType},
                 {"digest", stream.digest},
                 {"size", stream.size}}}},
              {"annotations", {{kVersionAnnotation, version}}}}
      .dump();
}

// The layer of a manifest of ours.
absl::StatusOr<FileFacts> ReadManifest(const std::string& text,
                                       uint64_t max_bytes) {
  FileFacts facts;
  try {
    const json manifest = json::parse(text);
    const json& layer = manifest.at("layers").at(0);
    const bool ours =
        layer.at("mediaType").get<std::string>() == kStreamMediaType;
    if (!ours) {
      return base::Failure(base::FailureCode::kUnsupportedMedia,
                           "this is no artifact of advisories");
    }
    layer.at("digest").get_to(facts.digest);
    layer.at("size").get_to(facts.size);
  } catch (const json::exception&) {
    return base::Failure(base::FailureCode::kUnsupportedMedia,
                         "the manifest cannot be read as an artifact");
  }
  if (!IsDigest(facts.digest)) {
    return base::Failure(base::FailureCode::kUnsupportedMedia,
                         "the manifest's layer has no SHA-256 digest");
  }
  if (facts.size > max_bytes) {
    return base::Failure(
        base::FailureCode::kLimitExceeded,
        base::StrCat("the artifact has ", facts.size, " bytes"),
        "artifact-size");
  }
  return facts;
}

struct Manifest {
  std::string digest, text;
};

absl::StatusOr<Manifest> GetManifest(OciSession& session,
                                     const ArtifactReference& reference) {
  http::Request get;
  get.target = session.Target(
      base::StrCat("manifests/", reference.digest.empty() ? reference.tag
                                                          : reference.digest));
  get.headers.emplace_back("Accept", kManifestType);
  LANDWAITER_ASSIGN_OR_RETURN(http::Response response, session.Send(get));
  if (response.status != 200) return Refused(response, "the manifest");
  Manifest manifest{DigestOf(response.body), std::move(response.body)};
  if (!reference.digest.empty() && manifest.digest != reference.digest) {
    return base::Failure(base::FailureCode::kDigestMismatch,
                         base::StrCat("the manifest is ", manifest.digest,
                                      ", not what was asked for"));
  }
  return manifest;
}

}  // namespace

absl::StatusOr<ArtifactReference> ParseArtifactReference(
    std::string_view text) {
  ArtifactReference reference;
  const auto bad = [&](std::string_view why) {
    return absl::InvalidArgumentError(base::StrCat(
        base::Printable(text), " is no host/repository:tag: ", why));
  };
  std::string_view rest = text;
  if (rest.starts_with("oci://")) rest.remove_prefix(6);
  const auto parts = base::SplitOnce(rest, '/');
  if (!parts || parts->first.empty()) return bad("it has no host");
  reference.host = parts->first;
  rest = parts->second;
  if (const size_t at = rest.find('@'); at != std::string_view::npos) {
    reference.digest = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (!IsDigest(reference.digest)) return bad("the digest is no sha256");
  }
  if (const size_t at = rest.find(':'); at != std::string_view::npos) {
    reference.tag = rest.substr(at + 1);
    rest = rest.substr(0, at);
    if (reference.tag.empty() || reference.tag.size() > 128 ||
        !std::ranges::all_of(reference.tag, IsTagCharacter)) {
      return bad("that is no tag");
    }
  }
  reference.repository = rest;
  if (rest.empty() || rest.size() > 255 || rest.ends_with('/') ||
      rest.starts_with('/') || base::Contains(rest, "..") ||
      !std::ranges::all_of(rest, IsPathCharacter)) {
    return bad("that is no repository");
  }
  if (reference.tag.empty() && reference.digest.empty()) {
    reference.tag = "latest";
  }
  return reference;
}

absl::StatusOr<std::string> PushArtifact(const ArtifactReference& reference,
                                         const std::string& stream,
                                         const std::string& version,
                                         const ArtifactOptions& options) {
  if (reference.tag.empty()) {
    return absl::InvalidArgumentError("a push needs a tag, not a digest");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const FileFacts facts, FactsOf(stream));
  LANDWAITER_ASSIGN_OR_RETURN(
      OciSession session, OciSession::Open(reference, "pull,push", options));
  Pusher pusher(std::move(session));
  std::string_view config = kEmptyConfig;
  LANDWAITER_RETURN_IF_ERROR(pusher.PushBlob(
      DigestOf(kEmptyConfig), [&]() -> absl::StatusOr<std::string> {
        return std::string(std::exchange(config, ""));
      }));
  std::ifstream in(stream, std::ios::binary);
  LANDWAITER_RETURN_IF_ERROR(
      pusher.PushBlob(facts.digest, [&]() -> absl::StatusOr<std::string> {
        std::string part(kPart, '\0');
        in.read(part.data(), static_cast<std::streamsize>(part.size()));
        part.resize(static_cast<size_t>(in.gcount()));
        if (in.bad()) {
          return absl::DataLossError(base::StrCat(stream, " cannot be read"));
        }
        return part;
      }));
  const std::string manifest = MakeManifest(facts, version);
  LANDWAITER_RETURN_IF_ERROR(pusher.PushManifest(reference.tag, manifest));
  return DigestOf(manifest);
}

absl::StatusOr<std::string> ResolveArtifact(const ArtifactReference& reference,
                                            const ArtifactOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(OciSession session,
                              OciSession::Open(reference, "pull", options));
  LANDWAITER_ASSIGN_OR_RETURN(const Manifest manifest,
                              GetManifest(session, reference));
  return manifest.digest;
}

absl::StatusOr<std::string> PullArtifact(const ArtifactReference& reference,
                                         const std::string& path,
                                         const ArtifactOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(OciSession session,
                              OciSession::Open(reference, "pull", options));
  LANDWAITER_ASSIGN_OR_RETURN(const Manifest manifest,
                              GetManifest(session, reference));
  LANDWAITER_ASSIGN_OR_RETURN(const FileFacts layer,
                              ReadManifest(manifest.text, options.max_bytes));
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::string digest,
      session.Download(session.Target(base::StrCat("blobs/", layer.digest)),
                       layer.size, path));
  if (base::StrCat("sha256:", digest) == layer.digest) return manifest.digest;
  std::remove(path.c_str());
  return base::Failure(base::FailureCode::kDigestMismatch,
                       base::StrCat("the blob has the digest sha256:", digest,
                                    ", not the one of its manifest"));
}

absl::StatusOr<RegistryLogin> ReadDockerLogin(std::string_view text,
                                              std::string_view host) {
  try {
    const json parsed = json::parse(text);
    for (const auto& [key, entry] : parsed.at("auths").items()) {
      std::string_view name = key;
      for (const std::string_view scheme : {"https://", "http://"}) {
        if (name.starts_with(scheme)) name.remove_prefix(scheme.size());
      }
      if (name.substr(0, name.find('/')) != host) continue;
      if (entry.contains("username")) {
        return RegistryLogin{entry.at("username").get<std::string>(),
                             entry.at("password").get<std::string>()};
      }
      std::string plain;
      if (!absl::Base64Unescape(entry.at("auth").get<std::string>(), &plain)) {
        continue;
      }
      if (const auto parts = base::SplitOnce(plain, ':')) {
        return RegistryLogin{std::string(parts->first),
                             std::string(parts->second)};
      }
    }
  } catch (const json::exception&) {
    return absl::InvalidArgumentError("the credentials file cannot be read");
  }
  return absl::NotFoundError(
      base::StrCat("the credentials file has no login for ", host));
}

}  // namespace landwaiter::analyzer::advisory
