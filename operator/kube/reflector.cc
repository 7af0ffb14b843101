#include "operator/kube/reflector.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "nlohmann/json.hpp"
#include "operator/kube/status.h"

namespace landwaiter::kube {
namespace {

// A server that ends a watch so soon, without a word, is not well.
constexpr absl::Duration kShortWatch = absl::Seconds(1);

}  // namespace

Reflector::Reflector(Options options, ReflectorSink* sink, uint64_t seed)
    : options_(std::move(options)),
      sink_(sink),
      random_(seed),
      backoff_({}, seed + 1) {
  StartList("0");
}

Reflector::Action Reflector::Next(absl::Time now) {
  if (now < not_before_) return {.kind = Action::kWait, .until = not_before_};
  if (phase_ == Phase::kList) return {.kind = Action::kList, .list = list_};
  watch_started_ = now;
  watch_events_ = 0;
  return {.kind = Action::kWatch,
          .watch = {.label_selector = options_.label_selector,
                    .field_selector = options_.field_selector,
                    .resource_version = resource_version_,
                    .timeout = WatchTimeout()}};
}

void Reflector::StartList(std::string resource_version) {
  phase_ = Phase::kList;
  listed_.clear();
  // With a resourceVersion, a limit would make the server read its store of
  // record for that very version instead of its cache.
  const bool paged =
      resource_version.empty() || resource_version == "0" || server_pages_;
  list_ = {.label_selector = options_.label_selector,
           .field_selector = options_.field_selector,
           .limit = paged ? options_.page_size : 0,
           .resource_version = std::move(resource_version)};
}

void Reflector::OnListed(absl::StatusOr<ListPage> page, absl::Time now) {
  if (!page.ok()) return OnListFailed(std::move(page).status(), now);
  last_error_ = absl::OkStatus();
  for (Json& item : page->items) {
    listed_.push_back(std::make_shared<const Json>(std::move(item)));
  }
  if (!page->continue_token.empty()) {
    if (list_.resource_version == "0") server_pages_ = true;
    list_.continue_token = std::move(page->continue_token);
    return;
  }
  resource_version_ = std::move(page->resource_version);
  phase_ = Phase::kWatch;
  sink_->Replace(std::exchange(listed_, {}));
}

void Reflector::OnListFailed(absl::Status status, absl::Time now) {
  last_error_ = status;
  if (IsExpired(status) && !list_.continue_token.empty()) {
    // The pages took longer than the server remembers: all at once, then.
    StartList("");
    list_.limit = 0;
    return;
  }
  const bool relist =
      (IsExpired(status) || IsTooLargeResourceVersion(status)) &&
      !list_.resource_version.empty();
  if (relist) return StartList("");
  WaitAfter(status, now);
  // A broken page is asked for again; its token is still good, or expired.
}

absl::Status Reflector::OnEvent(const WatchEvent& event) {
  std::string version = ResourceVersionOf(*event.object);
  if (version.empty()) {
    return absl::InternalError("a watch event has no resourceVersion");
  }
  if (event.type != WatchEventType::kBookmark &&
      NameOf(*event.object).empty()) {
    return absl::InternalError("a watch event has no name");
  }
  ++watch_events_;
  last_error_ = absl::OkStatus();
  switch (event.type) {
    case WatchEventType::kAdded:
    case WatchEventType::kModified:
      sink_->Upsert(event.object);
      break;
    case WatchEventType::kDeleted:
      sink_->Remove(event.object);
      break;
    case WatchEventType::kBookmark:
      break;
  }
  // After the sink has it: what was not delivered is asked for again.
  resource_version_ = std::move(version);
  return absl::OkStatus();
}

void Reflector::OnWatchEnded(absl::Status status, absl::Time now) {
  if (IsExpired(status) || IsTooLargeResourceVersion(status)) {
    last_error_ = std::move(status);
    return StartList("");
  }
  if (status.ok() && watch_events_ == 0 && now - watch_started_ < kShortWatch) {
    status =
        absl::UnavailableError("the watch ended at once and without an event");
  }
  if (status.ok()) {
    last_error_ = absl::OkStatus();
    return;
  }
  last_error_ = status;
  WaitAfter(status, now);
}

void Reflector::WaitAfter(const absl::Status& status, absl::Time now) {
  const absl::Duration asked =
      RetryAfterOf(status).value_or(absl::ZeroDuration());
  not_before_ = now + std::max(backoff_.Next(now), asked);
}

absl::Duration Reflector::WatchTimeout() {
  std::uniform_int_distribution<int> seconds(300, 600);
  return absl::Seconds(seconds(random_));
}

}  // namespace landwaiter::kube
