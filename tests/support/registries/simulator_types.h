#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_SIMULATOR_TYPES_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_SIMULATOR_TYPES_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test {

// What a simulated registry is opened with, whatever its type.
struct SimulatorOptions {
  RegistryContent content;
  Listen listen;
  Listen second_listen;      // GitLab: of its registry
  std::string version;       // Harbor: "V1"; else V2
  std::string new_password;  // of the account that may do all; empty: its own
  std::string salt;          // hostile: tells its layers apart from others'
};

// A registry that serves for as long as `simulator` lives.
struct SimulatorRunning {
  std::shared_ptr<void> simulator;
  http::Url url;
};

struct SimulatorType {
  // For people: an account that may do all, and one that may not.
  std::string account;
  std::string weak_account;
  // `clock` outlives what it returns.
  std::function<SimulatorRunning(const SimulatorOptions&, base::Clock&)> open;
};

// By the name that --type of landwaiter-registry-simulator takes.
const std::map<std::string, SimulatorType>& SimulatorTypes();

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_SIMULATOR_TYPES_H_
