#ifndef LANDWAITER_ANALYZER_ADVISORY_JSON_FIELDS_H_
#define LANDWAITER_ANALYZER_ADVISORY_JSON_FIELDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "analyzer/advisory/feed_format.h"
#include "analyzer/advisory/record_problem.h"
#include "nlohmann/json.hpp"

// For the .cc files of formats in JSON: fields that are what they should be.
// Fields that are not throw BrokenRecord, which ReadRecord catches.
namespace landwaiter::analyzer::advisory {

using Json = nlohmann::json;

// Thrown inside of ReadRecord, or of whoever catches it himself.
struct BrokenRecord {
  RecordProblem problem;
  std::string message;
};

[[noreturn]] void FailField(std::string_view field, std::string_view what);

// Runs `read`. A record that it finds broken (or an exception of the JSON
// library) is skipped, and that is OK; else what it returns.
absl::Status ReadRecord(std::string_view where, FeedSink& sink,
                        absl::FunctionRef<absl::Status()> read);

// The whole text as JSON; throws BrokenRecord if it is none, or is too large
// or too deep for a record (record_problem.h).
Json ParseRecordJson(std::string_view text);

// null and absent are the same: nullptr.
const Json* Member(const Json& object, const char* key);
const Json* ObjectIn(const Json& object, const char* key);
// The members of the array `key`; none if there is no such array.
const std::vector<Json>& ArrayIn(const Json& object, const char* key);
std::string Text(const Json& value, const char* field);
std::string TextIn(const Json& object, const char* key);
std::vector<std::string> TextsIn(const Json& object, const char* key);
// A word that a feed may or may not keep there; nothing depends on its type,
// and it is empty if it is none.
std::string WordIn(const Json* object, const char* key);

// Throws if the package has no name, or one that no key can hold.
void CheckName(std::string_view ecosystem, std::string_view package);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_JSON_FIELDS_H_
