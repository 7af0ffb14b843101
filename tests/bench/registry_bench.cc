// How long listing a large registry takes: a simulated Harbor in this process,
// a first sync and one after a few pushes.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "agent/registry/catalog.h"
#include "core/base/clock.h"
#include "tests/support/registries/harbor/generated.h"
#include "tests/support/registries/harbor/simulator.h"
#include "tests/support/registries/listing.h"

namespace landwaiter {
namespace {

using test::harbor::GeneratedLists;
using test::harbor::Simulator;

// Of this process: client and simulator.
double PeakMebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

struct Registry {
  base::RealClock clock;
  Simulator harbor{Simulator::Version::kV2, clock, {}};
  std::unique_ptr<agent::registry::Registry> client;

  Registry() {
    agent::registry::Connection connection;
    connection.http.base = harbor.url();
    connection.credentials = {"admin", "admin-secret"};
    client = agent::registry::NewRegistry("Harbor", connection, clock).value();
  }
};

bool Sync(const char* name, Registry& registry,
          test::RepositoryStates& states) {
  const size_t before = registry.harbor.Seen().size();
  const auto start = std::chrono::steady_clock::now();
  const auto listed = test::ListEverything(*registry.client, states);
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - start;
  if (!listed.ok()) {
    std::fprintf(stderr, "%s\n", listed.status().ToString().c_str());
    return false;
  }
  std::printf(
      "%-8s %8.2f s %8zu requests %8lld artifacts %6lld of %lld "
      "repositories unchanged, peak %.0f MiB\n",
      name, took.count(), registry.harbor.Seen().size() - before,
      static_cast<long long>(listed->manifests),
      static_cast<long long>(listed->unchanged),
      static_cast<long long>(listed->repositories), PeakMebibytes());
  return true;
}

int Run(int argc, char** argv) {
  CLI::App app(
      "Measures listing a simulated Harbor, and listing it again after pushes "
      "to some of its repositories.");
  int64_t repositories = 2000, artifacts = 100'000, pushes = 20;
  app.add_option("--repositories", repositories)->capture_default_str();
  app.add_option("--artifacts", artifacts, "in all of them together")
      ->capture_default_str();
  app.add_option("--pushes", pushes, "repositories that change in between")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  GeneratedLists lists(repositories, artifacts / repositories);
  Registry registry;
  registry.harbor.intercept = [&](const test::SeenRequest& request) {
    return lists.Serve(request);
  };
  test::RepositoryStates states;
  if (!Sync("first", registry, states)) return 1;
  for (int64_t i = 0; i < pushes; ++i) lists.Push(i);
  return Sync("repeated", registry, states) ? 0 : 1;
}

}  // namespace
}  // namespace landwaiter

int main(int argc, char** argv) { return landwaiter::Run(argc, argv); }
