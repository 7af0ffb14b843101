#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_REGISTRY_CALL_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_REGISTRY_CALL_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json.hpp"
#include "tests/support/registries/gitlab/registry_api.h"

namespace landwaiter::test::gitlab {

// Pieces that both halves of the registry's API share.

struct RegistryApi::Call {
  const SeenRequest& request;
  std::string path;   // unescaped, without query
  std::string query;  // with "?", or empty

  // The first value of a parameter; nullopt if it is not there.
  std::optional<std::string> Value(std::string_view name) const;
};

Answer JsonAnswer(int status, const nlohmann::json& body);
Answer ErrorAnswer(int status, const std::string& code,
                   const std::string& message,
                   const nlohmann::json& detail = {});
Answer PageNotFound();
Answer MovedTo(const std::string& location);

// A page of a list of names.
struct NamePage {
  std::vector<std::string> names;
  bool more = false;  // there are names behind these
};
// The names behind `last`, at most `limit`. REQUIRES: `names` is sorted.
NamePage PageOf(const std::vector<std::string>& names, std::string_view last,
                size_t limit);

}  // namespace landwaiter::test::gitlab

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_GITLAB_REGISTRY_CALL_H_
