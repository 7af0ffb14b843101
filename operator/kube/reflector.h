#ifndef LANDWAITER_OPERATOR_KUBE_REFLECTOR_H_
#define LANDWAITER_OPERATOR_KUBE_REFLECTOR_H_

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "operator/kube/backoff.h"
#include "operator/kube/client.h"

namespace landwaiter::kube {

// Where a reflector puts what it learns.
class ReflectorSink {
 public:
  virtual ~ReflectorSink() = default;
  // A whole list: what is not in it is gone.
  virtual void Replace(std::vector<ObjectPtr> objects) = 0;
  virtual void Upsert(ObjectPtr object) = 0;
  // The last state of an object that was deleted.
  virtual void Remove(ObjectPtr object) = 0;
};

// Keeps a sink equal to the API server's objects of a type: lists, then
// watches from the list's resourceVersion for ever, as client-go's reflector
// does. It decides only; its owner makes the calls and tells the time:
//
//   Action action = reflector.Next(now);
//   kList:  reflector.OnListed(client.List(..., action.list), now);
//   kWatch: client.Watch(..., action.watch, [](e) { return r.OnEvent(e); })
//           reflector.OnWatchEnded(status, now);
//   kWait:  come back at action.until.
//
// The rules:
//  - The first list may come from the server's cache ("0"); later ones are
//    never older than what is known. A list is paged where the server pages.
//  - A watch lasts 5 to 10 minutes (random, so that many do not end together)
//    and is followed by one from the last resourceVersion seen, bookmarks
//    included. So is one that broke, after a back-off.
//  - 410 Gone, or a resourceVersion that the server has not reached (it was
//    restored from a backup): list at once from the store of record.
//  - 429 waits at least as long as the server says.
// Not thread-safe.
class Reflector {
 public:
  struct Options {
    ResourceType type;
    std::string ns;  // empty: every namespace
    std::string label_selector;
    std::string field_selector;
    int64_t page_size = 500;
  };
  struct Action {
    enum Kind { kWait, kList, kWatch };
    Kind kind = kWait;
    absl::Time until;    // kWait
    ListOptions list;    // kList
    WatchOptions watch;  // kWatch
  };

  // `sink` outlives the reflector. `seed` feeds the jitter.
  Reflector(Options options, ReflectorSink* sink, uint64_t seed);

  Action Next(absl::Time now);
  void OnListed(absl::StatusOr<ListPage> page, absl::Time now);
  // Not OK for an event that makes no sense; the watch should then end.
  absl::Status OnEvent(const WatchEvent& event);
  void OnWatchEnded(absl::Status status, absl::Time now);

  const Options& options() const { return options_; }
  // Why the last call failed; OK since a call went well.
  const absl::Status& last_error() const { return last_error_; }
  // Of the last list or event.
  const std::string& resource_version() const { return resource_version_; }

 private:
  enum class Phase { kList, kWatch };

  void StartList(std::string resource_version);
  void OnListFailed(absl::Status status, absl::Time now);
  void WaitAfter(const absl::Status& status, absl::Time now);
  absl::Duration WatchTimeout();

  const Options options_;
  ReflectorSink* const sink_;
  std::mt19937_64 random_;
  Backoff backoff_;

  Phase phase_ = Phase::kList;
  absl::Time not_before_ = absl::InfinitePast();
  absl::Status last_error_;
  std::string resource_version_;

  // The list under way.
  ListOptions list_;
  std::vector<ObjectPtr> listed_;
  // Whether the server answered a list from its cache in pages; only then may
  // a list that names a resourceVersion be paged.
  bool server_pages_ = false;

  // The watch under way.
  absl::Time watch_started_;
  int64_t watch_events_ = 0;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_REFLECTOR_H_
