#ifndef LANDWAITER_OPERATOR_JOBS_FORWARDER_COMMANDS_H_
#define LANDWAITER_OPERATOR_JOBS_FORWARDER_COMMANDS_H_

#include <string>
#include <vector>

#include "operator/api/image_registry.h"

namespace landwaiter::jobs {

// The lines that make the host spec.endpoint.connect.ip forward its port to
// the registry, in three ways to choose from: firewall-cmd, iptables, netsh
// (Windows). Empty without a connect.ip, or if the endpoint is nothing that
// could be forwarded to. Lines that begin with # say which is which.
std::vector<std::string> ForwarderCommands(const api::ImageRegistry& registry);

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_FORWARDER_COMMANDS_H_
