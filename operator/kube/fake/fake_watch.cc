// The reading half of the fake API server: snapshots, pages, history, watches.
#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/kube/fake/fake_kube_client.h"
#include "operator/kube/fake/selector.h"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

constexpr size_t kMaxHistory = 50'000;
constexpr size_t kMaxPages = 100;

absl::Status Expired(std::string_view message) {
  return StatusWithReason(absl::StatusCode::kFailedPrecondition, "Expired",
                          message);
}

absl::StatusOr<int64_t> ParseVersion(const std::string& text) {
  int64_t version = 0;
  if (text.empty()) return version;
  if (!absl::SimpleAtoi(text, &version) || version < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("resourceVersion: Invalid value: \"", text, "\""));
  }
  return version;
}

absl::StatusOr<bool> Selected(const Json& object, std::string_view ns,
                              const std::string& labels,
                              const std::string& fields) {
  if (!ns.empty() && NamespaceOf(object) != ns) return false;
  LANDWAITER_ASSIGN_OR_RETURN(bool matches, MatchesLabels(labels, object));
  if (!matches) return false;
  return MatchesFields(fields, object);
}

}  // namespace

absl::StatusOr<ListPage> FakeKubeClient::List(const ResourceType& type,
                                              std::string_view ns,
                                              const ListOptions& options) {
  const FakeRequest request{"list", type, {std::string(ns), ""}, ""};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  absl::StatusOr<ListPage> result = ListPage();
  {
    absl::MutexLock lock(&mutex_);
    result = ListLocked(type, ns, options);
  }
  if (Fault fault = FaultAfter()) LANDWAITER_RETURN_IF_ERROR(fault(request));
  return result;
}

absl::StatusOr<FakeKubeClient::Snapshot> FakeKubeClient::TakeSnapshot(
    const ResourceType& type, std::string_view ns, const ListOptions& options) {
  LANDWAITER_ASSIGN_OR_RETURN(int64_t version,
                              ParseVersion(options.resource_version));
  if (version > version_) {
    return StatusWithReason(absl::StatusCode::kDeadlineExceeded,
                            "ResourceVersionTooLarge",
                            "Too large resource version");
  }
  Snapshot snapshot{.objects = {}, .version = absl::StrCat(version_)};
  for (const auto& [key, stored] : objects_[ResourceOf(type)]) {
    LANDWAITER_ASSIGN_OR_RETURN(
        bool selected, Selected(*stored.object, ns, options.label_selector,
                                options.field_selector));
    if (selected) snapshot.objects.push_back(stored.object);
  }
  return snapshot;
}

absl::StatusOr<ListPage> FakeKubeClient::ListLocked(
    const ResourceType& type, std::string_view ns, const ListOptions& options) {
  Snapshot snapshot;
  if (options.continue_token.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(snapshot, TakeSnapshot(type, ns, options));
  } else {
    auto found = pages_.find(options.continue_token);
    if (found == pages_.end()) {
      return Expired("The provided continue parameter is too old");
    }
    snapshot = found->second;
  }
  ListPage page{
      .items = {}, .resource_version = snapshot.version, .continue_token = ""};
  const size_t count = snapshot.objects.size();
  const size_t size =
      options.limit > 0 ? std::min<size_t>(count, options.limit) : count;
  for (size_t i = 0; i < size; ++i) page.items.push_back(*snapshot.objects[i]);
  if (size < count) {
    snapshot.objects.erase(snapshot.objects.begin(),
                           snapshot.objects.begin() + size);
    page.continue_token = absl::StrCat("page-", next_page_++);
    pages_[page.continue_token] = std::move(snapshot);
    if (pages_.size() > kMaxPages) pages_.erase(pages_.begin());
  }
  return page;
}

void FakeKubeClient::Note(const Resource& resource, ObjectPtr before,
                          ObjectPtr after) {
  history_.push_back({version_, resource, std::move(before), std::move(after)});
  if (history_.size() > kMaxHistory) {
    compacted_ = history_.front().version;
    history_.pop_front();
  }
  changed_.SignalAll();
}

void FakeKubeClient::Compact() {
  absl::MutexLock lock(&mutex_);
  history_.clear();
  pages_.clear();
  // The compaction's own revision: what was current is too old now, too.
  compacted_ = ++version_;
}

void FakeKubeClient::DropWatches() {
  absl::MutexLock lock(&mutex_);
  ++drops_;
  changed_.SignalAll();
}

absl::StatusOr<std::unique_ptr<FakeWatch>> FakeKubeClient::OpenWatch(
    const ResourceType& type, std::string_view ns,
    const WatchOptions& options) {
  const FakeRequest request{"watch", type, {std::string(ns), ""}, ""};
  LANDWAITER_RETURN_IF_ERROR(Begin(request));
  LANDWAITER_ASSIGN_OR_RETURN(int64_t version,
                              ParseVersion(options.resource_version));
  std::unique_ptr<FakeWatch> watch(
      new FakeWatch(this, type, std::string(ns), options));
  absl::MutexLock lock(&mutex_);
  watch->drops_ = drops_;
  watch->version_ = version == 0 ? version_ : version;
  if (version > version_) {
    return StatusWithReason(absl::StatusCode::kDeadlineExceeded,
                            "ResourceVersionTooLarge",
                            "Too large resource version");
  }
  if (watch->version_ < compacted_) {
    return Expired(absl::StrCat("too old resource version: ", version, " (",
                                compacted_, ")"));
  }
  if (version > 0) return watch;
  for (const auto& [key, stored] : objects_[ResourceOf(type)]) {
    LANDWAITER_ASSIGN_OR_RETURN(bool sees, watch->Sees(stored.object));
    if (sees) watch->first_.push_back({WatchEventType::kAdded, stored.object});
  }
  return watch;
}

absl::Status FakeKubeClient::Watch(const ResourceType& type,
                                   std::string_view ns,
                                   const WatchOptions& options,
                                   OnEvent on_event, std::stop_token stop) {
  LANDWAITER_ASSIGN_OR_RETURN(std::unique_ptr<FakeWatch> watch,
                              OpenWatch(type, ns, options));
  std::stop_callback wake(stop, [this] {
    absl::MutexLock lock(&mutex_);
    changed_.SignalAll();
  });
  const absl::Time end = absl::Now() + options.timeout;
  while (!stop.stop_requested()) {
    LANDWAITER_ASSIGN_OR_RETURN(std::vector<WatchEvent> events, watch->Poll());
    for (const WatchEvent& event : events) {
      LANDWAITER_RETURN_IF_ERROR(on_event(event));
    }
    absl::MutexLock lock(&mutex_);
    while (version_ == watch->version_ && drops_ == watch->drops_ &&
           !stop.stop_requested()) {
      if (changed_.WaitWithDeadline(&mutex_, end)) return absl::OkStatus();
    }
  }
  return absl::CancelledError("the watch was stopped");
}

FakeWatch::FakeWatch(FakeKubeClient* server, ResourceType type, std::string ns,
                     WatchOptions options)
    : server_(server),
      type_(type),
      ns_(std::move(ns)),
      options_(std::move(options)) {}

absl::StatusOr<std::vector<WatchEvent>> FakeWatch::Poll() {
  absl::MutexLock lock(&server_->mutex_);
  if (drops_ != server_->drops_) {
    return absl::UnavailableError("the connection was lost");
  }
  if (version_ < server_->compacted_) {
    return Expired("The resourceVersion for the provided watch is too old.");
  }
  std::vector<WatchEvent> events = std::exchange(first_, {});
  auto change = std::ranges::upper_bound(server_->history_, version_, {},
                                         &FakeKubeClient::Change::version);
  for (; change != server_->history_.end(); ++change) {
    LANDWAITER_RETURN_IF_ERROR(AppendChange(*change, events));
  }
  if (version_ < server_->version_) {
    version_ = server_->version_;
    events.push_back(Bookmark());
  }
  return events;
}

absl::Status FakeWatch::AppendChange(const FakeKubeClient::Change& change,
                                     std::vector<WatchEvent>& events) const {
  if (change.resource != FakeKubeClient::ResourceOf(type_)) {
    return absl::OkStatus();
  }
  LANDWAITER_ASSIGN_OR_RETURN(bool saw, Sees(change.before));
  LANDWAITER_ASSIGN_OR_RETURN(bool sees, Sees(change.after));
  if (sees) {
    events.push_back({saw ? WatchEventType::kModified : WatchEventType::kAdded,
                      change.after});
  } else if (saw) {
    // Deleted, or changed so that the selector does not match any more: the
    // server sends the object as it was, at the version of the change.
    Json gone = *change.before;
    gone["metadata"]["resourceVersion"] = absl::StrCat(change.version);
    events.push_back({WatchEventType::kDeleted,
                      std::make_shared<const Json>(std::move(gone))});
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> FakeWatch::Sees(const ObjectPtr& object) const {
  if (object == nullptr) return false;
  return Selected(*object, ns_, options_.label_selector,
                  options_.field_selector);
}

WatchEvent FakeWatch::Bookmark() const {
  return {WatchEventType::kBookmark,
          std::make_shared<const Json>(
              Json{{"apiVersion", type_.ApiVersion()},
                   {"kind", type_.kind},
                   {"metadata",
                    {{"resourceVersion", absl::StrCat(version_)},
                     {"creationTimestamp", nullptr}}}})};
}

}  // namespace landwaiter::kube
