#ifndef LANDWAITER_OPERATOR_API_TEXT_H_
#define LANDWAITER_OPERATOR_API_TEXT_H_

#include <string>
#include <string_view>

#include "nlohmann/json_fwd.hpp"

namespace landwaiter::api {

// What may stand in a status: valid UTF-8 without control characters, of at
// most `max` bytes (cut between characters, with "..." at the end).
std::string Text(std::string_view text, size_t max);

// No object's status is larger, as JSON.
inline constexpr size_t kMaxStatusBytes = size_t{32} * 1024;

// Makes a status that is within kMaxStatusBytes of one that may not be: lists
// that hold examples lose their tails (log its oldest lines, failures counted
// in failuresOmitted). What the writers of status.h make is nearly always
// small enough already; this covers text that grows when it is escaped.
void BoundStatus(nlohmann::json& status);

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_TEXT_H_
