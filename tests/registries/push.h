#ifndef LANDWAITER_TESTS_REGISTRIES_PUSH_H_
#define LANDWAITER_TESTS_REGISTRIES_PUSH_H_

#include <functional>
#include <memory>
#include <string>

#include "core/http/client.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test {

// Fills a real registry, as distribution-spec has it. What a registry does not
// take ends the test program.
class Pusher {
 public:
  // The headers that authorise pushes to a repository.
  using Authorize = std::function<http::Headers(const std::string& repository)>;
  Pusher(const http::ClientOptions& registry, Authorize authorize);

  // All repositories, manifests and tags.
  void Push(const RegistryContent& content);
  void PushBlob(const std::string& repository, const std::string& bytes);
  void PushManifest(const std::string& repository, const std::string& reference,
                    const std::string& media_type, const std::string& bytes);
  void DeleteManifest(const std::string& repository,
                      const model::Digest& digest);
  // Blobs that `from` has are lent to `to`, with the manifest.
  void Copy(const RegistryContent& content, const std::string& from,
            const std::string& to, const std::string& tag);

 private:
  http::Response Send(const std::string& repository, http::Request request,
                      int expected);

  const http::Url registry_;
  const std::unique_ptr<http::Client> client_;
  const Authorize authorize_;
};

// The standard content without what today's registries refuse (schema 1).
RegistryContent PushableContent();

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_REGISTRIES_PUSH_H_
