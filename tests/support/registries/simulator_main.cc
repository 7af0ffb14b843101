// A simulated registry in a process of its own, until it is killed: for tests
// on a real cluster, and for trying things out.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/base/strings.h"
#include "tests/support/files.h"
#include "tests/support/registries/simulator_types.h"

namespace landwaiter::test {
namespace {

struct Flags {
  std::string type;
  Listen listen;
  std::string registry_host;
  int registry_port = 0;
  std::string certificate, key;  // files
  SimulatorOptions options;
};

std::string TypeNames() {
  std::string names;
  for (const auto& [name, type] : SimulatorTypes()) {
    base::StrAppend(&names, names.empty() ? "" : ", ", name);
  }
  return names;
}

void AddFlags(CLI::App& app, Flags& flags) {
  app.add_option("--type", flags.type, TypeNames())
      ->required()
      ->check([](const std::string& name) {
        return SimulatorTypes().contains(name)
                   ? std::string()
                   : base::StrCat("one of: ", TypeNames());
      });
  app.add_option("--address", flags.listen.address, "to listen on")
      ->capture_default_str();
  app.add_option("--port", flags.listen.port, "0 chooses a free one")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--host", flags.listen.public_host,
                 "what clients know it as, NAME or NAME:PORT, where that is "
                 "not the address and the port");
  app.add_option("--registry-port", flags.registry_port,
                 "gitlab: of its registry, at the same address")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  app.add_option("--registry-host", flags.registry_host,
                 "gitlab: as --host, for its registry");
  CLI::Option* certificate =
      app.add_option("--certificate", flags.certificate,
                     "PEM file; with it, https is served")
          ->check(CLI::ExistingFile);
  app.add_option("--key", flags.key, "PEM file with its private key")
      ->check(CLI::ExistingFile)
      ->needs(certificate);
  certificate->needs("--key");
  app.add_option("--version", flags.options.version,
                 "V1 or V2, for harbor; V2 if not given")
      ->check(CLI::IsMember({"V1", "V2"}));
  app.add_option("--password", flags.options.new_password,
                 "of the account that may do all, in place of its own");
  app.add_option("--salt", flags.options.salt,
                 "adds the image library/own:latest, which has perl of version "
                 "1.SALT; of hostile, all layers are of their own");
}

// A line a request: what was asked, whether with credentials, the answer.
void Print(const SeenRequest& request, const Answer& answer) {
  std::printf("%s %s%s %d\n", request.method.c_str(), request.target.c_str(),
              request.Header("Authorization").empty() ? "" : " authorized",
              answer.status);
  std::fflush(stdout);
}

int Run(int argc, char** argv) {
  CLI::App app(
      "Serves a simulated registry with a few small images until it is "
      "killed, and prints each request.");
  Flags flags;
  AddFlags(app, flags);
  CLI11_PARSE(app, argc, argv);

  SimulatorOptions& options = flags.options;
  flags.listen.log = Print;
  if (!flags.certificate.empty()) {
    flags.listen.certificate = {testing::ReadFile(flags.certificate),
                                testing::ReadFile(flags.key)};
  }
  options.listen = flags.listen;
  options.second_listen = flags.listen;
  options.second_listen.port = flags.registry_port;
  options.second_listen.public_host = flags.registry_host;
  options.content = StandardContent();
  if (!options.salt.empty()) {
    options.content.PushImage("library/own", "latest",
                              {.packages = {{"perl", "1." + options.salt}}});
  }

  // Before there are threads that would get them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  base::RealClock clock;
  const SimulatorType& type = SimulatorTypes().at(flags.type);
  const SimulatorRunning registry = type.open(options, clock);
  std::printf("%s is at %s, for %s; with too few rights: %s\n",
              flags.type.c_str(), registry.url.Origin().c_str(),
              type.account.c_str(), type.weak_account.c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace
}  // namespace landwaiter::test

int main(int argc, char** argv) { return landwaiter::test::Run(argc, argv); }
