#include "operator/api/schema_test/yaml_documents.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;

// YAML 1.2's core schema, as far as manifests use it.
Json ScalarToJson(const YAML::Node& node) {
  const std::string text = node.Scalar();
  if (node.Tag() == "!") return text;  // it was quoted
  if (text == "true") return true;
  if (text == "false") return false;
  if (text == "null" || text == "~") return nullptr;
  int64_t number = 0;
  if (YAML::convert<int64_t>::decode(node, number)) return number;
  return text;
}

Json ToJson(const YAML::Node& node) {
  Json json;
  switch (node.Type()) {
    case YAML::NodeType::Map:
      json = Json::object();
      for (const auto& entry : node) {
        json[entry.first.Scalar()] = ToJson(entry.second);
      }
      return json;
    case YAML::NodeType::Sequence:
      json = Json::array();
      for (const YAML::Node& item : node) json.push_back(ToJson(item));
      return json;
    case YAML::NodeType::Scalar:
      return ScalarToJson(node);
    default:
      return nullptr;
  }
}

}  // namespace

std::vector<Json> ReadYamlDirectory(const std::string& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Json> documents;
  for (const auto& file : files) {
    try {
      for (const YAML::Node& node : YAML::LoadAllFromFile(file.string())) {
        documents.push_back(ToJson(node));
      }
    } catch (const YAML::Exception& error) {
      ADD_FAILURE() << file << ": " << error.what();
    }
  }
  return documents;
}

}  // namespace landwaiter::api
