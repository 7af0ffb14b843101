// A simulated registry in a process of its own, until it is killed: for tests
// on a real cluster, and for trying things out.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "tests/support/http_server.h"
#include "tests/support/registries/harbor/simulator.h"

namespace landwaiter::test {
namespace {

struct Type {
  std::string account;  // for people: whom it lets in
  std::function<HttpServer::Handler(const std::string& version, base::Clock&)>
      open;
};

HttpServer::Handler OpenHarbor(const std::string& version, base::Clock& clock) {
  using harbor::Simulator;
  const auto simulator = std::make_shared<Simulator>(
      version == "V1" ? Simulator::Version::kV1 : Simulator::Version::kV2,
      clock);
  return [simulator](const SeenRequest& request) {
    return simulator->Serve(request);
  };
}

// A line a type.
const std::map<std::string, Type>& Types() {
  static const auto& types = *new std::map<std::string, Type>{
      {"harbor", {"admin with password admin-secret", OpenHarbor}},
  };
  return types;
}

int Run(int argc, char** argv) {
  CLI::App app(
      "Serves a simulated registry with a few small images over HTTP until it "
      "is killed.");
  std::string type, version, address = "127.0.0.1";
  int port = 0;
  std::string names;
  for (const auto& [name, open] : Types())
    names += (names.empty() ? "" : ", ") + name;
  app.add_option("--type", type, names)
      ->required()
      ->check([&names](const std::string& name) {
        return Types().contains(name) ? "" : "one of: " + names;
      });
  app.add_option("--port", port, "0 chooses a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--address", address, "to listen on")->capture_default_str();
  app.add_option("--version", version, "V1 or V2, for Harbor; V2 if not given")
      ->check(CLI::IsMember({"V1", "V2"}));
  CLI11_PARSE(app, argc, argv);

  // Before there are threads that would get them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  base::RealClock clock;
  const Type& chosen = Types().at(type);
  const HttpServer server(chosen.open(version, clock), address, port);
  std::printf("%s is at http://%s:%d, for %s\n", type.c_str(), address.c_str(),
              server.port(), chosen.account.c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace
}  // namespace landwaiter::test

int main(int argc, char** argv) { return landwaiter::test::Run(argc, argv); }
