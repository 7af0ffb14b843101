#include "operator/kube/cluster_test/follower.h"

#include <utility>

#include "absl/time/clock.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {

bool Eventually(const std::function<bool()>& condition, absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  while (absl::Now() < end) {
    if (condition()) return true;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return condition();
}

Follower::Follower(KubeClient* client, base::Clock* clock,
                   Reflector::Options options)
    : informer_(std::move(options), 1) {
  informer_.AddHandler(
      {.on_add =
           [this](const ObjectPtr& object) {
             absl::MutexLock lock(&mutex_);
             if (!told_.emplace(KeyOf(*object), ResourceVersionOf(*object))
                      .second) {
               consistent_ = false;
             }
             ++added_;
           },
       .on_update =
           [this](const ObjectPtr& before, const ObjectPtr& after) {
             absl::MutexLock lock(&mutex_);
             std::string& told = told_[KeyOf(*after)];
             if (told != ResourceVersionOf(*before) ||
                 told == ResourceVersionOf(*after)) {
               consistent_ = false;
             }
             told = ResourceVersionOf(*after);
             ++updated_;
           },
       .on_delete =
           [this](const ObjectPtr& object) {
             absl::MutexLock lock(&mutex_);
             if (told_.erase(KeyOf(*object)) != 1) consistent_ = false;
             ++deleted_;
           }});
  runner_ = std::make_unique<InformerRunner>(client, clock, &informer_);
}

std::map<ObjectKey, std::string> Follower::Told() const {
  absl::MutexLock lock(&mutex_);
  return told_;
}

bool Follower::Equals(KubeClient& client) const {
  const Reflector::Options& options = informer_.options();
  auto page = ListAll(client, options.type, options.ns,
                      {.label_selector = options.label_selector});
  if (!page.ok()) return false;
  std::map<ObjectKey, std::string> actual;
  for (const Json& item : page->items) {
    actual[KeyOf(item)] = ResourceVersionOf(item);
  }
  std::map<ObjectKey, std::string> stored;
  for (const ObjectPtr& object : store().List()) {
    stored[KeyOf(*object)] = ResourceVersionOf(*object);
  }
  return stored == actual && Told() == actual;
}

}  // namespace landwaiter::kube
