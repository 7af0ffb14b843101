#include "operator/manager/cluster_links.h"

#include <utility>

#include "core/base/failure.h"
#include "core/base/log.h"
#include "core/base/strings.h"

namespace landwaiter::manager {

ClusterLinks::ClusterLinks(RemoteOptions options, base::Clock* clock,
                           OnChange on_change, OnObject on_object,
                           uint64_t seed)
    : options_(std::move(options)),
      clock_(clock),
      on_change_(std::move(on_change)),
      on_object_(std::move(on_object)),
      seed_(seed) {}

ClusterLinks::~ClusterLinks() { Stop(); }

absl::Status ClusterLinks::Link(const reconcile::LinkSpec& spec) {
  if (!options_.connect) {
    return absl::UnimplementedError(base::StrCat(
        "spec.connection.type: this operator has no clusters of type ",
        spec.type));
  }
  {
    absl::MutexLock lock(&mutex_);
    if (stopped_) return absl::CancelledError("the program ends");
    const auto it = entries_.find(spec.uid);
    if (it != entries_.end() && it->second.cluster->spec() == spec) {
      return absl::OkStatus();
    }
  }
  Unlink(spec.uid);
  LANDWAITER_ASSIGN_OR_RETURN(RemoteClient client, options_.connect(spec));
  uint64_t seed = 0;
  {
    absl::MutexLock lock(&mutex_);
    seed = ++seed_ << 8;
  }
  Entry entry;
  entry.cluster = std::make_shared<RemoteCluster>(
      spec, std::move(client), clock_,
      RemoteCluster::Callbacks{
          .on_change = [this, key = spec.key] { on_change_(key); },
          .on_object = on_object_},
      seed);
  base::LogInfo("cluster linked",
                {{"cluster", spec.key.ToString()}, {"type", spec.type}});
  entry.driver = options_.drive(entry.cluster.get());
  {
    absl::MutexLock lock(&mutex_);
    if (!stopped_) {
      entries_[spec.uid] = std::move(entry);
      return absl::OkStatus();
    }
  }
  End(std::move(entry));
  return absl::CancelledError("the program ends");
}

void ClusterLinks::End(Entry entry) {
  if (entry.cluster == nullptr) return;
  // Before the driver is joined: it may be waiting for the cluster.
  entry.cluster->Stop();
  entry.driver.reset();
}

void ClusterLinks::Unlink(const std::string& uid) {
  Entry entry;
  {
    absl::MutexLock lock(&mutex_);
    const auto it = entries_.find(uid);
    if (it == entries_.end()) return;
    entry = std::move(it->second);
    entries_.erase(it);
  }
  base::LogInfo("cluster unlinked",
                {{"cluster", entry.cluster->spec().key.ToString()}});
  End(std::move(entry));
}

std::shared_ptr<reconcile::ClusterLink> ClusterLinks::Find(
    const std::string& uid) const {
  absl::MutexLock lock(&mutex_);
  const auto it = entries_.find(uid);
  return it == entries_.end() ? nullptr : it->second.cluster;
}

std::vector<std::shared_ptr<reconcile::ClusterLink>> ClusterLinks::All() const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::shared_ptr<reconcile::ClusterLink>> all;
  for (const auto& [uid, entry] : entries_) all.push_back(entry.cluster);
  return all;
}

void ClusterLinks::Stop() {
  std::map<std::string, Entry> ending;
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    ending.swap(entries_);
  }
  for (auto& [uid, entry] : ending) entry.cluster->Stop();
  for (auto& [uid, entry] : ending) End(std::move(entry));
}

}  // namespace landwaiter::manager
