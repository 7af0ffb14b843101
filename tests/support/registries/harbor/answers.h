#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_ANSWERS_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_ANSWERS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "tests/support/http_server.h"

// Forms that Harbor's answers have in common.
namespace landwaiter::test::harbor {

Answer JsonAnswer(int status, const nlohmann::json& body);
// V2's errors, and V1's, which are labelled text/plain.
Answer ErrorV2(int status, const std::string& code, const std::string& message);
Answer ErrorV1(int status, const std::string& message);
Answer HtmlNotFound();

// A page of `all` as the request's page and page_size ask, with X-Total-Count
// and Link as Harbor writes them: relative, the query not escaped, two links
// joined by " , ". `largest` is the largest page_size; above it V2 (`strict`)
// refuses, V1 clamps.
Answer PageOf(const SeenRequest& request, const nlohmann::json& all,
              int64_t largest, bool strict);
// The same of a list of `total` elements that are made when they are asked for.
Answer PageOf(const SeenRequest& request, int64_t total,
              const std::function<nlohmann::json(int64_t)>& element,
              int64_t largest, bool strict);

std::string PathOf(const SeenRequest& request);
// The value of a query parameter, unescaped; empty if there is none.
std::string ParameterOf(const SeenRequest& request, const std::string& name);
std::string TimeText(absl::Time time);

}  // namespace landwaiter::test::harbor

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_HARBOR_ANSWERS_H_
