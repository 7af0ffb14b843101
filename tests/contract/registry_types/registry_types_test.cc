// The types that the operator takes are exactly those that the agent speaks.
// Programs never include one another; this test may look at both.
#include "operator/api/registry_types.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "agent/registry/catalog.h"
#include "core/base/clock.h"
#include "operator/api/schema_test/yaml_documents.h"

namespace landwaiter {
namespace {

using Json = nlohmann::json;

// The enum of spec.type of ImageRegistry.
std::set<std::string> TypesOfTheSchema() {
  for (const Json& crd : api::ReadYamlDirectory("../../../deploy/crds")) {
    if (crd["spec"]["names"]["kind"] != "ImageRegistry") continue;
    return crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]
              ["spec"]["properties"]["type"]["enum"]
                  .get<std::set<std::string>>();
  }
  return {};
}

bool AgentSpeaks(const std::string& type) {
  base::FakeClock clock;
  agent::registry::Connection connection;
  connection.http.base.scheme = "https";
  connection.http.base.host = "registry.example.com";
  connection.http.base.port = 443;
  const auto registry =
      agent::registry::NewRegistry(type, std::move(connection), clock);
  return !absl::IsUnimplemented(registry.status());
}

TEST(RegistryTypesTest, OperatorTakesExactlyWhatTheAgentSpeaks) {
  const std::set<std::string> schema = TypesOfTheSchema();
  ASSERT_FALSE(schema.empty());
  for (const std::string& type : schema) {
    EXPECT_EQ(api::IsBuilt(type), AgentSpeaks(type))
        << type << ": operator/api/registry_types.h and "
        << "agent/registry/catalog.cc do not agree";
  }
}

TEST(RegistryTypesTest, EveryBuiltTypeIsInTheSchema) {
  const std::set<std::string> schema = TypesOfTheSchema();
  for (const std::string_view type : api::kBuiltTypes) {
    EXPECT_TRUE(schema.contains(std::string(type))) << type;
  }
}

TEST(RegistryTypesTest, TypesThatNobodyNamedAreNotBuilt) {
  EXPECT_FALSE(AgentSpeaks("Docker"));
  EXPECT_FALSE(api::IsBuilt(""));
}

}  // namespace
}  // namespace landwaiter
