#ifndef LANDWAITER_OPERATOR_API_READER_H_
#define LANDWAITER_OPERATOR_API_READER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "nlohmann/json_fwd.hpp"

namespace landwaiter::api {

// Reads the fields of an object that the API server should have checked, and
// so never throws and always answers: a field that is absent (or null) has its
// default; one of the wrong type too, and the first such is noted in `error`
// with its path. The JSON and `error` outlive the reader.
class Reader {
 public:
  Reader(const nlohmann::json& object, std::string path, absl::Status* error);

  std::string String(std::string_view key, std::string_view otherwise = {});
  bool Bool(std::string_view key, bool otherwise);
  int64_t Int(std::string_view key, int64_t otherwise);
  // "1h30m", as Go has it.
  absl::Duration Duration(std::string_view key, absl::Duration otherwise);
  std::vector<std::string> Strings(std::string_view key);
  // A reader of the object at `key`; of an empty one if it is absent.
  Reader Object(std::string_view key);
  std::vector<Reader> Objects(std::string_view key);
  bool Has(std::string_view key) const;
  // nullptr if absent.
  const nlohmann::json* Raw(std::string_view key) const;

  // Notes an error of the field, if it is the first.
  void Fail(std::string_view key, std::string_view what);

 private:
  const nlohmann::json* object_;
  std::string path_;
  absl::Status* error_;
};

}  // namespace landwaiter::api

#endif  // LANDWAITER_OPERATOR_API_READER_H_
