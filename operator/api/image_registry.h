#ifndef LANDWAITER_OPERATOR_API_IMAGE_REGISTRY_H_
#define LANDWAITER_OPERATOR_API_IMAGE_REGISTRY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::api {

// A token for a part of a registry: a Quay organization, a GitLab group.
struct TokenReference {
  std::string name;    // of the organization or group
  std::string secret;  // a Secret of the namespace
  std::string key;     // in it
};

// What an ImageRegistry asks for (deploy/crds).
struct ImageRegistry {
  std::string ns;
  std::string name;
  std::string uid;
  int64_t generation = 0;

  std::string type;     // OCI, Harbor, ...
  std::string version;  // V1, V2 or empty
  // "https://host[:port]", from whichever form the endpoint has.
  std::string url;
  // As references to images show it: "host[:port]", without the protocol's
  // own port.
  std::string host;
  std::string connect_ip;
  int connect_port = 0;
  bool private_network = false;  // network: VPC
  std::string region;
  std::string cluster;  // name of the RepositoryCluster
  // Empty: the scan component is published. Else the path in this registry,
  // "library", that it was uploaded to.
  std::string component_path;
  uint32_t images_per_hour = 10;  // 0: unlimited
  bool suspend = false;

  std::vector<TokenReference> tokens;  // Quay, GitLab
  std::string edition;                 // of an ACR or SWR; else empty
  std::string instance_id;             // of an Enterprise edition
  std::string google_project;          // else that of the service account

  // Names of Secrets, empty where none is referred to.
  std::string credentials_secret;
  std::string ca_secret;
  std::string client_certificate_secret;
  std::string proxy_secret;
  bool insecure_skip_verify = false;
  std::string proxy_url;
  std::string no_proxy;

  absl::Duration sync_interval = absl::Hours(1);
  std::vector<std::string> include;
  std::vector<std::string> exclude;

  // Values of the annotations that ask for something now; empty: none.
  std::string verify_request;
  std::string sync_request;
  std::string scan_request;

  // Whether it refers to the Secret of this name.
  bool RefersTo(std::string_view secret) const;
  // Whether its images are listed, but never scanned.
  bool IsListedOnly() const { return edition == "Personal"; }

  // INVALID_ARGUMENT names the first field that is not as the schema says.
  static absl::StatusOr<ImageRegistry> Parse(const nlohmann::json& object);
};

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_IMAGE_REGISTRY_H_
