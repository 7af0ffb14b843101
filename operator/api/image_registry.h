#ifndef LANDWAITER_OPERATOR_API_IMAGE_REGISTRY_H_
#define LANDWAITER_OPERATOR_API_IMAGE_REGISTRY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::api {

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
  std::string cluster;  // name of the RepositoryCluster
  std::string scan_component_source;
  uint32_t images_per_hour = 10;  // 0: unlimited
  bool suspend = false;

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

  // INVALID_ARGUMENT names the first field that is not as the schema says.
  static absl::StatusOr<ImageRegistry> Parse(const nlohmann::json& object);
};

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_IMAGE_REGISTRY_H_
