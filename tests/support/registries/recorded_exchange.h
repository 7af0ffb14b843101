#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_RECORDED_EXCHANGE_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_RECORDED_EXCHANGE_H_

#include <string>
#include <vector>

#include "tests/support/http_server.h"

namespace landwaiter::test {

// A request to a real server and its answer, as the corpus has them: lines
// that begin with "# ", the request with its body, an empty line, the status
// line, the headers, an empty line, the body.
struct RecordedExchange {
  std::string name;                   // of the file, without its ending
  std::vector<std::string> comments;  // without "# "
  SeenRequest request;
  Answer answer;
};

// All of a folder, by name. A file that is no exchange ends the test program.
std::vector<RecordedExchange> ReadExchanges(const std::string& folder);

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_RECORDED_EXCHANGE_H_
