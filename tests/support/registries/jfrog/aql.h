#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_JFROG_AQL_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_JFROG_AQL_H_

#include <optional>
#include <string>

#include "nlohmann/json_fwd.hpp"

namespace landwaiter::test {

// The criteria of "items.find({...}).include(...)[.limit(n)]"; nullopt if the
// query is something else, or does not include what a user must.
std::optional<nlohmann::json> AqlCriteria(const std::string& query);

// Whether an item (an object of strings) meets criteria: equality, $match,
// $or and $and.
bool AqlMatches(const nlohmann::json& criteria, const nlohmann::json& item);

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_JFROG_AQL_H_
