#include "analyzer/service/egress_addresses.h"

#include <algorithm>

#include "core/http/url.h"

namespace landwaiter::analyzer::service {
namespace {

// Without scheme, port, brackets and zone; empty if it is no address of IP.
std::string AddressOf(std::string_view peer) {
  const bool ip = peer.starts_with("ipv4:") || peer.starts_with("ipv6:");
  const size_t colon = peer.rfind(':');
  if (!ip || colon < 5) return "";
  std::string address = http::Unescape(peer.substr(5, colon - 5));
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  // A server that listens on both families sees IPv4 wrapped.
  constexpr std::string_view kWrapped = "::ffff:";
  if (address.starts_with(kWrapped)) address.erase(0, kWrapped.size());
  return address.substr(0, address.find('%'));
}

}  // namespace

void EgressAddresses::Note(const model::Tenant& tenant,
                           const std::string& cluster, std::string_view peer) {
  std::string address = AddressOf(peer);
  if (address.empty()) return;
  absl::MutexLock lock(&mutex_);
  if (seen_.size() >= kMaxClusters && !seen_.contains({tenant, cluster})) {
    seen_.clear();
  }
  std::vector<std::string>& list = seen_[{tenant, cluster}];
  if (!list.empty() && list.front() == address) return;
  std::erase(list, address);
  list.insert(list.begin(), std::move(address));
  if (list.size() > kPerCluster) list.pop_back();
}

std::vector<std::string> EgressAddresses::List(
    const model::Tenant& tenant, const std::string& cluster) const {
  absl::MutexLock lock(&mutex_);
  const auto it = seen_.find({tenant, cluster});
  return it == seen_.end() ? std::vector<std::string>() : it->second;
}

}  // namespace landwaiter::analyzer::service
