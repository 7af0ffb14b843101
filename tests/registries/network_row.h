#ifndef LANDWAITER_TESTS_REGISTRIES_NETWORK_ROW_H_
#define LANDWAITER_TESTS_REGISTRIES_NETWORK_ROW_H_

#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace landwaiter::test {

// Three network namespaces in a row: the agent's, which is this thread's and
// of those that it starts, a forwarder's, and a registry's. Each reaches its
// neighbours only. All of them are this process's own and end with it,
// whatever happens: the machine's network is not touched.
class NetworkRow {
 public:
  static constexpr char kForwarder[] = "10.9.1.2";     // as the agent sees it
  static constexpr char kForwarderFar[] = "10.9.2.1";  // as the registry does
  static constexpr char kRegistry[] = "10.9.2.2";

  // Takes this thread into a namespace of its own, for good; false if this
  // process may not. To be called before there are other threads.
  static bool Enter();

  // REQUIRES: Enter() said yes.
  NetworkRow();

  // What runs a command in there.
  std::vector<std::string> InForwarder() const { return In(forwarder_); }
  std::vector<std::string> InRegistry() const { return In(registry_); }
  // A script for sh with the forwarder; one that fails ends the test program.
  std::string RunInForwarder(const std::string& script) const;
  // The name that the forwarder resolves to the registry's address.
  void NameRegistry(const std::string& name);

 private:
  static std::vector<std::string> In(const Process& process);
  static Process Start(const std::string& log);

  testing::TempDir directory_;
  Process forwarder_;  // each sleeps in its namespace
  Process registry_;
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_REGISTRIES_NETWORK_ROW_H_
