// What every schema in deploy/crds keeps to, without an API server.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "operator/api/names.h"
#include "operator/api/schema_test/yaml_documents.h"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;

constexpr char kDirectory[] = "../../../deploy/crds";

void CheckList(const Json& schema, const std::string& path) {
  EXPECT_TRUE(schema.contains("maxItems")) << path;
}

void CheckString(const Json& schema, const std::string& path) {
  EXPECT_TRUE(schema.contains("maxLength") || schema.contains("enum")) << path;
}

// Every field below `schema` has a description, and all that can grow a limit.
void CheckBounds(const Json& schema, const std::string& path) {
  const std::string type = schema.value("type", "");
  if (type == "array") CheckList(schema, path);
  if (type == "string") CheckString(schema, path);
  if (schema.contains("items")) CheckBounds(schema["items"], path + "[]");
  if (schema.contains("additionalProperties")) {
    EXPECT_TRUE(schema.contains("maxProperties")) << path;
    CheckBounds(schema["additionalProperties"], path + "{}");
  }
  EXPECT_FALSE(schema.contains("x-kubernetes-preserve-unknown-fields")) << path;
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, field] : properties.items()) {
    const std::string field_path = path + "." + name;
    EXPECT_FALSE(field.value("description", "").empty()) << field_path;
    CheckBounds(field, field_path);
  }
}

TEST(SchemaTest, EveryFieldIsDescribedAndBounded) {
  const std::vector<Json> documents = ReadYamlDirectory(kDirectory);
  ASSERT_EQ(documents.size(), 8u);
  for (const Json& crd : documents) {
    const std::string kind = crd["spec"]["names"]["kind"];
    const Json& schema =
        crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    for (const char* part : {"spec", "status"}) {
      CheckBounds(schema["properties"][part], kind + "." + part);
    }
  }
}

TEST(SchemaTest, KindsAreThoseOfTheConstants) {
  std::set<std::string> expected;
  for (const kube::ResourceType& type :
       {kRepositoryClusters, kImageRegistries, kRegistryAccounts, kScanPolicies,
        kScanTasks, kRiskExceptions, kScanQuotas, kAdvisoryDatabases}) {
    expected.insert(std::string(type.plural) + "/" + std::string(type.kind));
  }
  std::set<std::string> found;
  for (const Json& crd : ReadYamlDirectory(kDirectory)) {
    const Json& names = crd["spec"]["names"];
    found.insert(names["plural"].get<std::string>() + "/" +
                 names["kind"].get<std::string>());
    EXPECT_EQ(names["categories"], Json::array({"landwaiter"}));
    EXPECT_EQ(names["shortNames"].size(), 1u);
    EXPECT_TRUE(crd["spec"]["versions"][0]["subresources"].contains("status"));
  }
  EXPECT_EQ(found, expected);
}

// A message that says which field is wrong is what a person can act on.
void CheckMessages(const Json& schema, const std::string& path) {
  for (const Json& rule :
       schema.value("x-kubernetes-validations", Json::array())) {
    EXPECT_FALSE(rule.value("message", "").empty()) << path;
  }
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, field] : properties.items()) {
    CheckMessages(field, path + "." + name);
  }
}

TEST(SchemaTest, EveryRuleHasAMessage) {
  for (const Json& crd : ReadYamlDirectory(kDirectory)) {
    CheckMessages(crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"],
                  crd["spec"]["names"]["kind"]);
  }
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void CheckDocumented(const Json& schema, const std::string& path,
                     const std::string& page) {
  const Json properties = schema.value("properties", Json::object());
  for (const auto& [name, field] : properties.items()) {
    const std::string field_path = path + "." + name;
    EXPECT_NE(page.find("`" + field_path + "`"), std::string::npos)
        << field_path << " is not in its page of docs/reference";
    if (name == "conditions") continue;
    const bool list = field.value("type", "") == "array";
    CheckDocumented(list ? field["items"] : field,
                    list ? field_path + "[]" : field_path, page);
  }
}

TEST(SchemaTest, EveryFieldIsInTheReference) {
  for (const Json& crd : ReadYamlDirectory(kDirectory)) {
    const std::string page =
        ReadFile("../../../docs/reference/" +
                 crd["spec"]["names"]["singular"].get<std::string>() + ".md");
    const Json& schema =
        crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    for (const char* part : {"spec", "status"}) {
      CheckDocumented(schema["properties"][part], part, page);
    }
  }
}

TEST(SchemaTest, EveryReasonIsInTheReference) {
  const std::string header = ReadFile("../reasons.h");
  const std::string page = ReadFile("../../../docs/reference/conditions.md");
  const std::regex constant("k\\w+ *=\\s*\"(\\w+)\"");
  int found = 0;
  for (std::sregex_iterator it(header.begin(), header.end(), constant), end;
       it != end; ++it) {
    const std::string reason = (*it)[1];
    EXPECT_NE(page.find("`" + reason + "`"), std::string::npos) << reason;
    ++found;
  }
  EXPECT_GT(found, 40);
}

}  // namespace
}  // namespace landwaiter::api
