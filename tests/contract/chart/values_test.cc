// The schema of the chart's values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/contract/chart/chart.h"

namespace landwaiter::chart {
namespace {

using ::testing::HasSubstr;

// Keys of Kubernetes's own, or of the user's choice, stand in these.
bool IsFree(const YAML::Node& schema) {
  return !schema["properties"] && !schema["additionalProperties"];
}

// Every key of `values`, each with a letter too many; what stands below is
// kept. `keys` gets what they are called now.
YAML::Node Misspell(const YAML::Node& values, const YAML::Node& schema,
                    std::set<std::string>& keys) {
  YAML::Node result;
  for (const auto& entry : values) {
    const auto key = entry.first.as<std::string>();
    const YAML::Node below = schema["properties"][key];
    EXPECT_TRUE(below) << key << " is in values.yaml and not in the schema";
    const std::string wrong = key + "z";
    result[wrong] = entry.second;
    keys.insert(wrong);
    if (entry.second.IsMap() && entry.second.size() > 0 && !IsFree(below)) {
      result[key] = Misspell(entry.second, below, keys);
    }
  }
  return result;
}

void ExpectStrict(const YAML::Node& schema, const std::string& path) {
  if (!schema["properties"]) return;
  EXPECT_FALSE(schema["additionalProperties"].as<bool>(true)) << path;
  for (const auto& entry : schema["properties"]) {
    ExpectStrict(entry.second, path + "." + entry.first.as<std::string>());
  }
}

void ExpectInValues(const YAML::Node& schema, const YAML::Node& values,
                    const std::string& path) {
  for (const auto& entry : schema["properties"]) {
    const auto key = entry.first.as<std::string>();
    if (key == "global") continue;  // Helm's own
    ASSERT_TRUE(values[key]) << path << "." << key << " is in no values.yaml";
    ExpectInValues(entry.second, values[key], path + "." + key);
  }
}

YAML::Node Schema() {
  return YAML::LoadFile(Directory() + "/values.schema.json");
}
YAML::Node Values() { return YAML::LoadFile(Directory() + "/values.yaml"); }

TEST(ValuesTest, SchemaAndValuesHaveTheSameKeys) {
  ExpectStrict(Schema(), "");
  ExpectInValues(Schema(), Values(), "");
}

TEST(ValuesTest, EveryMisspeltKeyIsRefusedByName) {
  if (!HaveHelm()) GTEST_SKIP() << "helm is not on the PATH";
  std::set<std::string> keys;
  YAML::Emitter text;
  text << Misspell(Values(), Schema(), keys);
  EXPECT_GT(keys.size(), 40u);
  const Result result = RenderText(text.c_str());
  EXPECT_NE(result.exit_status, 0);
  for (const std::string& key : keys) {
    EXPECT_THAT(result.errors, HasSubstr("'" + key + "'"));
  }
}

TEST(ValuesTest, ValuesThatCannotWorkAreRefused) {
  if (!HaveHelm()) GTEST_SKIP() << "helm is not on the PATH";
  for (const char* values :
       {"operator: {replicas: 0}", "operator: {logLevel: loud}",
        "operator: {image: {digest: latest}}", "imageRegistry: \"\"",
        "advisories: {interval: soon}", "analyzer: {service: {port: 0}}",
        "networkPolicy: {apiServerPorts: [https]}",
        "scanPods: {namespaces: pods}"}) {
    const Result result = RenderText(values);
    EXPECT_NE(result.exit_status, 0) << values;
    EXPECT_THAT(result.errors, HasSubstr("schema")) << values;
  }
}

}  // namespace
}  // namespace landwaiter::chart
