// The first line is the URL that was asked, each further one a Link header.
// The next page is of the same host, whatever they say.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "agent/registry/transport/link.h"
#include "core/base/strings.h"
#include "core/http/url.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace registry = landwaiter::agent::registry;
  namespace http = landwaiter::http;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto lines = landwaiter::base::Split(bytes, '\n');
  const auto request = http::Url::Parse(lines.front());
  if (request.ok()) {
    const auto same = http::Url::Parse(request->ToString());
    if (!same.ok() || *same != *request) std::abort();
  }
  http::Headers headers;
  for (size_t i = 1; i < lines.size(); ++i) {
    headers.emplace_back("Link", lines[i]);
  }
  const std::string link = registry::NextLink(headers);
  registry::QueryValue(link, "last");
  if (!request.ok()) return 0;
  const auto target = registry::NextTarget(*request, headers);
  if (!target.ok() || target->empty()) return 0;
  if (target->front() != '/' || target->find_first_of(std::string_view(
                                    " \r\n\0", 4)) != std::string::npos) {
    std::abort();
  }
  const auto next = http::Url::Parse(request->Origin() + *target);
  if (!next.ok() || !next->SameOrigin(*request)) std::abort();
  return 0;
}
