#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_REGISTRY_API_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_REGISTRY_API_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/url.h"
#include "tests/support/http_server.h"
#include "tests/support/registries/gitlab/content.h"

namespace landwaiter::test::gitlab {

// What a pull token allows: "repository:a/b:pull,push", "registry:catalog:*".
using Access = std::vector<std::string>;

// GitLab's container registry 4.39: /gitlab/v1/ and the reading side of /v2/,
// as the recorded exchanges show them.
class RegistryApi {
 public:
  // The access of a Bearer token; nullopt if it is not valid (any more).
  using ReadToken = std::function<std::optional<Access>(std::string_view)>;

  // `content` must outlive it.
  RegistryApi(const Content& content, ReadToken read_token)
      : content_(content), read_token_(std::move(read_token)) {}

  // The origin of the GitLab that gives tokens.
  void set_gitlab(std::string origin) { gitlab_ = std::move(origin); }
  // Without the metadata database there is no /gitlab/v1/.
  void set_metadata_database(bool on) { metadata_database_ = on; }

  Answer Serve(const SeenRequest& request) const;

 private:
  struct Call;  // a request taken apart
  // The 401 for a request whose token lacks one of `scopes`, or nullopt.
  std::optional<Answer> Refusal(const Call& call,
                                const std::vector<std::string>& scopes) const;
  Answer ServeV1(const Call& call) const;
  Answer ServeRepository(const Call& call, const std::string& path) const;
  Answer ServeV1Tags(const Call& call, const std::string& path) const;
  Answer ServeTagDetail(const Call& call, const std::string& path,
                        const std::string& tag) const;
  Answer ServeSubrepositories(const Call& call, const std::string& path) const;
  Answer ServeV2(const Call& call) const;
  Answer ServeCatalog(const Call& call) const;
  Answer ServeV2Tags(const Call& call, const std::string& path) const;
  Answer ServeManifest(const Call& call, const std::string& path,
                       const std::string& reference) const;
  Answer ServeBlob(const Call& call, const std::string& path,
                   const std::string& digest) const;
  const Repository* Find(const std::string& path) const;

  const Content& content_;
  const ReadToken read_token_;
  std::string gitlab_;
  bool metadata_database_ = true;
};

}  // namespace landwaiter::test::gitlab

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_REGISTRY_API_H_
