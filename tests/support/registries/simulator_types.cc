#include "tests/support/registries/simulator_types.h"

#include <utility>

#include "tests/support/registries/acr/simulator.h"
#include "tests/support/registries/gitlab/simulator.h"
#include "tests/support/registries/harbor/simulator.h"
#include "tests/support/registries/hostile_simulator.h"
#include "tests/support/registries/jfrog/simulator.h"
#include "tests/support/registries/oci_simulator.h"
#include "tests/support/registries/quay/simulator.h"
#include "tests/support/registries/swr/simulator.h"

namespace landwaiter::test {
namespace {

using Running = SimulatorRunning;

void SetPassword(const SimulatorOptions& options, std::string& password) {
  if (!options.new_password.empty()) password = options.new_password;
}

Running OpenOci(const SimulatorOptions& options, base::Clock&) {
  auto oci = std::make_shared<OciSimulator>(options.content, options.listen);
  SetPassword(options, oci->password);
  return {oci, oci->server.url()};
}

Running OpenHarbor(const SimulatorOptions& options, base::Clock& clock) {
  using harbor::Simulator;
  auto harbor = std::make_shared<Simulator>(
      options.version == "V1" ? Simulator::Version::kV1
                              : Simulator::Version::kV2,
      clock, options.content, options.listen);
  SetPassword(options, harbor->accounts["admin"].password);
  return {harbor, harbor->url()};
}

Running OpenQuay(const SimulatorOptions& options, base::Clock&) {
  auto quay = std::make_shared<QuaySimulator>(options.listen);
  quay->content = options.content;
  quay->TakeUpContent();
  // A member of each organization, who owns none.
  quay->users["bob"] = {.password = "password"};
  for (auto& [name, organization] : quay->organizations) {
    organization.members.insert("bob");
  }
  quay->tokens["bob-token"] = {.user = "bob",
                               .scopes = quay->tokens["alice-token"].scopes};
  return {quay, quay->server.url()};
}

Running OpenGitLab(const SimulatorOptions& options, base::Clock& clock) {
  gitlab::Content content = gitlab::ContentOf(options.content);
  for (const gitlab::Group& group : content.groups) {
    // It may pull, but not list.
    content.tokens[group.full_path + "-pull-token"] = {
        .username = "bot",
        .scopes = {"read_registry"},
        .group = group.full_path};
  }
  auto gitlab = std::make_shared<gitlab::Simulator>(
      clock, std::move(content), options.listen, options.second_listen);
  return {gitlab, gitlab->gitlab_url()};
}

Running OpenJfrog(const SimulatorOptions& options, base::Clock&) {
  auto jfrog = std::make_shared<JfrogSimulator>(options.listen);
  jfrog->repositories["docker-local"].content = options.content;
  SetPassword(options, jfrog->users["admin"].password);
  return {jfrog, jfrog->server.url()};
}

Running OpenAcr(const SimulatorOptions& options, base::Clock& clock,
                bool enterprise, const std::string& region) {
  auto acr = std::make_shared<AcrSimulator>(clock, options.listen);
  acr->enterprise = enterprise;
  acr->region = region;
  acr->content = options.content;
  SetPassword(options, acr->key.password);
  return {acr, acr->server.url()};
}

Running OpenSwr(const SimulatorOptions& options, base::Clock& clock) {
  auto swr = std::make_shared<SwrSimulator>(clock, options.listen);
  swr->content = options.content;
  SetPassword(options, swr->key.password);
  return {swr, swr->server.url()};
}

}  // namespace

const std::map<std::string, SimulatorType>& SimulatorTypes() {
  // The two editions of ACR are of different regions, so that each has a host
  // name of its own for the cloud's API.
  static const auto& types = *new std::map<std::string, SimulatorType>{
      {"acr-enterprise",
       {"LTAI4example with secret", "LTAI4nobody with secret",
        [](const SimulatorOptions& options, base::Clock& clock) {
          return OpenAcr(options, clock, true, "cn-hangzhou");
        }}},
      {"acr-personal",
       {"LTAI4example with secret", "LTAI4nobody with secret",
        [](const SimulatorOptions& options, base::Clock& clock) {
          return OpenAcr(options, clock, false, "cn-shanghai");
        }}},
      {"gitlab",
       {"group team-a with team-a-token", "team-a with team-a-pull-token",
        OpenGitLab}},
      {"harbor",
       {"admin with admin-secret", "dev1 with dev1-secret", OpenHarbor}},
      {"hostile",
       {"everybody", "nobody",
        [](const SimulatorOptions& options, base::Clock&) -> Running {
          auto hostile =
              std::make_shared<HostileSimulator>(options.salt, options.listen);
          return {hostile, hostile->server.url()};
        }}},
      {"jfrog", {"admin with password", "reader with password", OpenJfrog}},
      {"oci", {"admin with secret", "dev with secret", OpenOci}},
      {"quay", {"alice with password, or alice-token", "bob-token", OpenQuay}},
      {"swr", {"AKEXAMPLE with sk", "AKNOBODY with sk", OpenSwr}},
  };
  return types;
}

}  // namespace landwaiter::test
