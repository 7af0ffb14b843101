#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_CONTENT_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_CONTENT_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace landwaiter::test {
class RegistryContent;
}

namespace landwaiter::test::gitlab {

// What a GitLab of the tests holds: people, groups, and the repositories of
// their registry. Times are as GitLab writes them (RFC 3339).

struct Manifest {
  std::string media_type;
  std::string bytes;
  std::string config_digest;  // empty for an index
  uint64_t size_bytes = 0;    // as the registry tells it: 0 for an index
};

struct Tag {
  std::string digest;
  std::string created_at;
  std::string updated_at;  // empty unless it was moved
  bool broken = false;     // its manifest cannot be read
  const std::string& published_at() const {
    return updated_at.empty() ? created_at : updated_at;
  }
};

struct Repository {
  int64_t id = 0;
  std::string project;  // its full path
  std::string created_at;
  std::string last_published_at;
  std::string status;       // "delete_scheduled", or empty
  bool in_registry = true;  // GitLab's row may be there before the first push
  std::map<std::string, Manifest> manifests;  // by digest
  std::map<std::string, Tag> tags;
  std::map<std::string, std::string> blobs;  // by digest

  // Puts a manifest there, works out what the registry would know of it, and
  // points `tag` to it unless that is empty. Returns the digest.
  std::string Push(std::string_view media_type, std::string bytes,
                   std::string_view tag, std::string_view at);
};

struct Group {
  int64_t id = 0;
  std::string full_path;
};

// A personal or a group access token, and who holds it.
struct AccessToken {
  std::string username;
  std::vector<std::string> scopes = {"read_api", "read_registry"};
  std::string expires_at;  // "2026-12-31"; empty: never
  bool active = true;
  bool admin = false;
  std::string group;      // it reaches what is below; empty: everything
  int access_level = 20;  // 20: Reporter
};

struct Content {
  std::vector<Group> groups;
  std::map<std::string, int64_t> projects;            // full path to id
  std::map<std::string, std::string> moved_projects;  // old path to new
  std::map<std::string, Repository> repositories;     // by path
  std::map<std::string, AccessToken> tokens;
};

// Whether `path` is `group` or below it.
bool IsBelow(std::string_view path, std::string_view group);

// The standard content of simulated registries, with a group for each first
// segment ("library", "team-a", "team-b"), the subgroup "team-a/sub", a token
// for each group ("team-a-token") and one of an administrator ("admin-token").
Content StandardContent();
// The same of another content.
Content ContentOf(const RegistryContent& stored);

}  // namespace landwaiter::test::gitlab

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_CONTENT_H_
