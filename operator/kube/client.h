#ifndef LANDWAITER_OPERATOR_KUBE_CLIENT_H_
#define LANDWAITER_OPERATOR_KUBE_CLIENT_H_

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "operator/kube/object.h"

namespace landwaiter::kube {

struct ListOptions {
  std::string label_selector;
  std::string field_selector;
  // Objects a page, at most; 0: the server answers with all of them at once.
  int64_t limit = 0;
  // ListPage::continue_token of the page before.
  std::string continue_token;
  // "" reads from the store of record, "0" takes what the server has in its
  // cache, another value is "not older than". Ignored with a continue_token.
  std::string resource_version;
};

struct ListPage {
  std::vector<Json> items;  // each with apiVersion and kind
  std::string resource_version;
  std::string continue_token;  // empty on the last page
};

enum class PatchType {
  kMerge,  // RFC 7386
  kApply,  // server-side apply; creates what is not there
};

struct PatchOptions {
  PatchType type = PatchType::kMerge;
  std::string subresource;    // "status", or empty
  std::string field_manager;  // REQUIRED for kApply
  bool force = false;         // kApply: take fields that others own
};

struct DeleteOptions {
  // Preconditions; ABORTED if the object is another one by now.
  std::string uid;
  std::string resource_version;
  // "Background", "Foreground", "Orphan"; empty: the type's default, which
  // for Jobs would leave their pods behind.
  std::string propagation = "Background";
};

enum class WatchEventType { kAdded, kModified, kDeleted, kBookmark };

struct WatchEvent {
  WatchEventType type = WatchEventType::kAdded;
  ObjectPtr object;  // a bookmark's holds little more than resourceVersion
};

struct WatchOptions {
  std::string label_selector;
  std::string field_selector;
  std::string resource_version;  // events after this one
  // The server ends the watch after this long.
  absl::Duration timeout = absl::Minutes(5);
};

struct PodLogOptions {
  std::string container;   // empty: the only one
  bool previous = false;   // of the container's instance before this one
  int64_t tail_lines = 0;  // 0: all
  int64_t limit_bytes = 1 << 20;
};

// The Kubernetes API, as far as an operator needs it. Calls block until the
// answer is there or the client's request timeout has passed. Thread-safe.
//
// Errors, by canonical code, each with the API server's own message (which
// names the field that is wrong):
//   NOT_FOUND            404
//   ALREADY_EXISTS       409, reason AlreadyExists
//   ABORTED              other 409: a conflict; read again and retry
//   FAILED_PRECONDITION  410: the resourceVersion or continue token is too old
//   INVALID_ARGUMENT     400, 405, 413, 415, 422
//   UNAUTHENTICATED      401
//   PERMISSION_DENIED    403
//   RESOURCE_EXHAUSTED   429, see RetryAfterOf
//   DEADLINE_EXCEEDED    the request timeout, or 504
//   UNAVAILABLE          cannot be reached, connection lost, other 5xx
//   INTERNAL             an answer that is not what the API promises
// A client may already have retried what it could, see its own header.
class KubeClient {
 public:
  virtual ~KubeClient() = default;

  virtual absl::StatusOr<Json> Get(const ResourceType& type,
                                   const ObjectKey& key) = 0;
  // One page. An empty `ns` means every namespace.
  virtual absl::StatusOr<ListPage> List(const ResourceType& type,
                                        std::string_view ns,
                                        const ListOptions& options) = 0;
  // The object's namespace (for a namespaced type) comes from its metadata;
  // apiVersion and kind are filled in. Each returns the object as the server
  // stored it.
  virtual absl::StatusOr<Json> Create(const ResourceType& type,
                                      const Json& object) = 0;
  // Replaces; with a resourceVersion in metadata only if that is current.
  virtual absl::StatusOr<Json> Update(const ResourceType& type,
                                      const Json& object) = 0;
  // As Update, for the status subresource alone.
  virtual absl::StatusOr<Json> UpdateStatus(const ResourceType& type,
                                            const Json& object) = 0;
  virtual absl::StatusOr<Json> Patch(const ResourceType& type,
                                     const ObjectKey& key, const Json& patch,
                                     const PatchOptions& options) = 0;
  virtual absl::Status Delete(const ResourceType& type, const ObjectKey& key,
                              const DeleteOptions& options) = 0;

  // Calls `on_event` for each change after options.resource_version, in order,
  // on this thread; bookmarks are asked for. Returns OK when the server ended
  // the watch in good order, CANCELLED soon after a stop was requested, what
  // `on_event` returned if that was not OK (and calls it no more), and else
  // why the watch broke: FAILED_PRECONDITION if the resourceVersion is gone.
  using OnEvent = absl::FunctionRef<absl::Status(const WatchEvent&)>;
  virtual absl::Status Watch(const ResourceType& type, std::string_view ns,
                             const WatchOptions& options, OnEvent on_event,
                             std::stop_token stop) = 0;

  virtual absl::StatusOr<std::string> PodLog(const ObjectKey& pod,
                                             const PodLogOptions& options) = 0;
  // The body at an absolute path: "/version", "/healthz", "/readyz".
  virtual absl::StatusOr<std::string> GetRaw(std::string_view path) = 0;
};

// All pages of a list, read with `options.limit` (500 if it is 0) a page.
absl::StatusOr<ListPage> ListAll(KubeClient& client, const ResourceType& type,
                                 std::string_view ns, ListOptions options);

// Server-side apply of an object that has metadata.name; creates it if it is
// not there. Takes fields that others own, as a controller should for what it
// manages.
absl::StatusOr<Json> Apply(KubeClient& client, const ResourceType& type,
                           const Json& object, std::string_view field_manager,
                           std::string_view subresource = {});

// Whether the client's own account may do `verb` on the type in the namespace
// (SelfSubjectAccessReview).
absl::StatusOr<bool> MayI(KubeClient& client, std::string_view verb,
                          const ResourceType& type, std::string_view ns);

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CLIENT_H_
