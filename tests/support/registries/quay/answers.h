#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_QUAY_ANSWERS_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_QUAY_ANSWERS_H_

#include <string>

#include "nlohmann/json_fwd.hpp"
#include "tests/support/http_server.h"

// The shapes of Quay's answers.
namespace landwaiter::test::quay {

Answer JsonAnswer(const nlohmann::json& body, int status = 200);
Answer Page(int status, const std::string& html);

// Errors of /api/v1 by their type: "invalid_token", "insufficient_scope",
// "not_found", "invalid_request".
Answer ApiError(const std::string& host, const std::string& type,
                const std::string& message = "");
// {"message": ...}, {"error": ...}: some errors have other shapes.
Answer MessageError(int status, const std::string& message);
Answer PlainError(int status, const std::string& error);
// Of /v2/: {"errors":[{"code","detail","message"}]}.
Answer RegistryError(int status, const std::string& code,
                     const std::string& message);
// The 401 of /v2/, which names where a token is to be had.
Answer Challenge(Answer answer, const std::string& host,
                 const std::string& repository = "");

// Where a list goes on: opaque, and bound to whom and what it was made for.
std::string NextPage(const std::string& bound_to, size_t offset);
struct PagePosition {
  bool broken = false;   // no such token: the list begins again
  bool strange = false;  // of another list or user: the page is empty
  size_t offset = 0;
};
PagePosition ReadNextPage(const std::string& token,
                          const std::string& bound_to);

}  // namespace landwaiter::test::quay

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_QUAY_ANSWERS_H_
