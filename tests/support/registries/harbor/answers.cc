#include "tests/support/registries/harbor/answers.h"

#include <algorithm>
#include <vector>

#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "core/http/url.h"

namespace landwaiter::test::harbor {
namespace {

using base::StrCat;

// The query with another page in it.
std::string WithPage(const SeenRequest& request, int64_t page) {
  const auto query = base::SplitOnce(request.target, '?');
  std::string text = StrCat("page=", page);
  if (query) {
    for (const std::string_view pair : base::Split(query->second, '&')) {
      if (!pair.starts_with("page=")) {
        base::StrAppend(&text, "&", http::Unescape(pair));
      }
    }
  }
  return StrCat("<", PathOf(request), "?", text, ">");
}

}  // namespace

Answer JsonAnswer(int status, const nlohmann::json& body) {
  return {.status = status, .headers = {}, .body = body.dump()};
}

Answer ErrorV2(int status, const std::string& code,
               const std::string& message) {
  return JsonAnswer(status,
                    {{"errors", {{{"code", code}, {"message", message}}}}});
}

Answer ErrorV1(int status, const std::string& message) {
  Answer answer = JsonAnswer(status, {{"code", status}, {"message", message}});
  answer.content_type = "text/plain; charset=utf-8";
  return answer;
}

Answer HtmlNotFound() {
  return {.status = 404,
          .headers = {},
          .body = "<!DOCTYPE HTML><html>404 - Page Not Found</html>",
          .content_type = "text/html; charset=utf-8"};
}

Answer PageOf(const SeenRequest& request, const nlohmann::json& all,
              int64_t largest, bool strict) {
  return PageOf(
      request, static_cast<int64_t>(all.size()),
      [&all](int64_t i) { return all[static_cast<size_t>(i)]; }, largest,
      strict);
}

Answer PageOf(const SeenRequest& request, int64_t total,
              const std::function<nlohmann::json(int64_t)>& element,
              int64_t largest, bool strict) {
  const std::string size_text = ParameterOf(request, "page_size");
  int64_t size = size_text.empty() ? 10 : 0;
  if (!size_text.empty()) {
    const auto number = base::ParseInt64(size_text);
    if (!number && strict) {
      return ErrorV2(422, "UNPROCESSABLE_ENTITY",
                     StrCat("validation failure list:\npage_size in query must "
                            "be of type int64: \"",
                            size_text, "\""));
    }
    if (!number || (*number <= 0 && !strict)) {
      return ErrorV1(400, "invalid page_size");
    }
    size = *number;
  }
  if (size > largest && strict) {
    return ErrorV2(422, "UNPROCESSABLE_ENTITY",
                   StrCat("validation failure list:\npage_size in query should "
                          "be less than or equal to ",
                          largest));
  }
  size = std::min(size, largest);
  const int64_t page = std::max<int64_t>(
      base::ParseInt64(ParameterOf(request, "page")).value_or(1), 1);
  nlohmann::json elements = nlohmann::json::array();
  // No size, or a negative one, is everything.
  const int64_t first = size > 0 ? (page - 1) * size : 0;
  const int64_t last = size > 0 ? std::min(first + size, total) : total;
  for (int64_t i = first; i < last; ++i) elements.push_back(element(i));
  Answer answer = JsonAnswer(200, elements);
  answer.headers.emplace_back("X-Total-Count", StrCat(total));
  std::string links;
  if (size != 0 && page > 1 && first < total) {
    links = StrCat(WithPage(request, page - 1), "; rel=\"prev\"");
  }
  if (size < 0 || (size > 0 && last < total && last > first)) {
    if (!links.empty()) links += strict ? " , " : ", ";
    base::StrAppend(&links, WithPage(request, page + 1), "; rel=\"next\"");
  }
  if (!links.empty()) answer.headers.emplace_back("Link", links);
  return answer;
}

std::string PathOf(const SeenRequest& request) {
  return request.target.substr(0, request.target.find('?'));
}

std::string ParameterOf(const SeenRequest& request, const std::string& name) {
  return agent::registry::QueryValue(request.target, name).value_or("");
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

}  // namespace landwaiter::test::harbor
