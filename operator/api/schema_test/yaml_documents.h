#ifndef LANDWAITER_OPERATOR_API_SCHEMA_TEST_YAML_DOCUMENTS_H_
#define LANDWAITER_OPERATOR_API_SCHEMA_TEST_YAML_DOCUMENTS_H_

#include <string>
#include <vector>

#include "nlohmann/json.hpp"

namespace landwaiter::api {

// The documents of every *.yaml file in a directory, in the order of the
// files' names, as the JSON that kubectl would send. A file that is no YAML
// fails the test.
std::vector<nlohmann::json> ReadYamlDirectory(const std::string& directory);

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_SCHEMA_TEST_YAML_DOCUMENTS_H_
