#include "agent/inspect/open_image.h"

#include <utility>

#include "agent/inspect/docker_credentials.h"
#include "agent/inspect/image_location.h"
#include "agent/inspect/small_file.h"
#include "agent/registry/catalog.h"
#include "agent/source/layout_source.h"
#include "agent/source/registry_source.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/url.h"
#include "core/model/image_reference.h"

namespace landwaiter::agent::inspect {
namespace {

// An editor ends a file with a newline that is no part of a password.
std::string WithoutNewline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

absl::StatusOr<registry::Credentials> AccountFor(
    const model::ImageReference& image, const RegistryOptions& options) {
  if (options.username.empty()) {
    return FindDockerCredentials(options.account_files, image.host,
                                 image.repository);
  }
  LANDWAITER_ASSIGN_OR_RETURN(std::string password,
                              ReadSmallFile(options.password_file));
  return registry::Credentials{options.username,
                               WithoutNewline(std::move(password))};
}

absl::StatusOr<registry::Connection> Connect(const model::ImageReference& image,
                                             const RegistryOptions& options) {
  registry::Connection connection;
  // docker.io is a name for people; its API is at another host.
  const std::string_view api = image.host == "docker.io"
                                   ? std::string_view("registry-1.docker.io")
                                   : image.host;
  LANDWAITER_ASSIGN_OR_RETURN(
      connection.http.base,
      http::Url::Parse(
          base::StrCat(options.plain_http ? "http://" : "https://", api, "/")));
  connection.http.tls.insecure_skip_verify = options.insecure_skip_verify;
  if (!options.ca_file.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(connection.http.tls.ca_pem,
                                ReadSmallFile(options.ca_file));
  }
  LANDWAITER_ASSIGN_OR_RETURN(connection.credentials,
                              AccountFor(image, options));
  return connection;
}

absl::StatusOr<OpenedImage> OpenRegistryImage(const std::string& text,
                                              const RegistryOptions& options,
                                              base::Clock& clock) {
  LANDWAITER_ASSIGN_OR_RETURN(const model::ImageReference reference,
                              model::ImageReference::Parse(text));
  LANDWAITER_ASSIGN_OR_RETURN(registry::Connection connection,
                              Connect(reference, options));
  OpenedImage image;
  image.name = reference.ToString();
  image.reference = reference.TagOrDigest();
  LANDWAITER_ASSIGN_OR_RETURN(
      image.registry,
      registry::NewRegistry("OCI", std::move(connection), clock));
  image.source = std::make_unique<source::RegistrySource>(*image.registry,
                                                          reference.repository);
  return image;
}

}  // namespace

absl::StatusOr<OpenedImage> OpenImage(const std::string& image,
                                      const RegistryOptions& options,
                                      base::Clock& clock) {
  LANDWAITER_ASSIGN_OR_RETURN(ImageLocation location,
                              ParseImageLocation(image));
  OpenedImage opened;
  opened.name = image;
  opened.reference = location.reference;
  switch (location.kind) {
    case ImageLocation::Kind::kRegistry:
      return OpenRegistryImage(image, options, clock);
    case ImageLocation::Kind::kDirectory:
      opened.directory = std::move(location.path);
      break;
    case ImageLocation::Kind::kLayout: {
      LANDWAITER_ASSIGN_OR_RETURN(opened.source,
                                  source::OpenLayoutDirectory(location.path));
      break;
    }
    case ImageLocation::Kind::kLayoutArchive: {
      LANDWAITER_ASSIGN_OR_RETURN(opened.source,
                                  source::OpenLayoutArchive(location.path));
      break;
    }
    case ImageLocation::Kind::kDockerArchive: {
      LANDWAITER_ASSIGN_OR_RETURN(opened.source,
                                  source::OpenDockerArchive(location.path));
      break;
    }
  }
  return opened;
}

}  // namespace landwaiter::agent::inspect
