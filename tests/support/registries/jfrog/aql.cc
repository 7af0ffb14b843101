#include "tests/support/registries/jfrog/aql.h"

#include <fnmatch.h>

#include <nlohmann/json.hpp>

namespace landwaiter::test {
namespace {

using Json = nlohmann::json;

bool FieldMatches(const Json& wanted, const std::string& value) {
  if (wanted.is_string()) return wanted == value;
  for (const auto& [how, operand] : wanted.items()) {
    if (how == "$match") {
      const std::string pattern = operand.get<std::string>();
      return fnmatch(pattern.c_str(), value.c_str(), 0) == 0;
    }
    if (how == "$eq") return operand == value;
  }
  return false;
}

}  // namespace

std::optional<Json> AqlCriteria(const std::string& query) {
  constexpr std::string_view kStart = "items.find(";
  const size_t end = query.find(").include(");
  if (!query.starts_with(kStart) || end == query.npos) return std::nullopt;
  for (const char* field : {"\"repo\"", "\"path\"", "\"name\""}) {
    if (query.find(field, end) == query.npos) return std::nullopt;
  }
  Json criteria = Json::parse(query.substr(kStart.size(), end - kStart.size()),
                              nullptr, false);
  if (!criteria.is_object()) return std::nullopt;
  return criteria;
}

bool AqlMatches(const Json& criteria, const Json& item) {
  for (const auto& [key, wanted] : criteria.items()) {
    if (key == "$or") {
      bool any = false;
      for (const Json& part : wanted) any = any || AqlMatches(part, item);
      if (!any) return false;
    } else if (key == "$and") {
      for (const Json& part : wanted) {
        if (!AqlMatches(part, item)) return false;
      }
    } else if (!FieldMatches(wanted, item.value(key, ""))) {
      return false;
    }
  }
  return true;
}

}  // namespace landwaiter::test
