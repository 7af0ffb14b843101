#include "operator/api/reader.h"

#include <utility>

#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::api {
namespace {

using Json = nlohmann::json;

const Json& EmptyObject() {
  static const Json* const kEmpty = new Json(Json::object());
  return *kEmpty;
}

}  // namespace

Reader::Reader(const Json& object, std::string path, absl::Status* error)
    : object_(&object), path_(std::move(path)), error_(error) {
  if (!object.is_object()) {
    object_ = &EmptyObject();
    Fail("", "is not an object");
  }
}

const Json* Reader::Raw(std::string_view key) const {
  const auto it = object_->find(std::string(key));
  return it == object_->end() || it->is_null() ? nullptr : &*it;
}

bool Reader::Has(std::string_view key) const { return Raw(key) != nullptr; }

void Reader::Fail(std::string_view key, std::string_view what) {
  if (!error_->ok()) return;
  *error_ = absl::InvalidArgumentError(
      base::StrCat(path_, key.empty() ? "" : ".", key, " ", what));
}

std::string Reader::String(std::string_view key, std::string_view otherwise) {
  const Json* value = Raw(key);
  if (value == nullptr) return std::string(otherwise);
  if (value->is_string()) return value->get<std::string>();
  Fail(key, "is not a string");
  return std::string(otherwise);
}

bool Reader::Bool(std::string_view key, bool otherwise) {
  const Json* value = Raw(key);
  if (value == nullptr) return otherwise;
  if (value->is_boolean()) return value->get<bool>();
  Fail(key, "is not true or false");
  return otherwise;
}

int64_t Reader::Int(std::string_view key, int64_t otherwise) {
  const Json* value = Raw(key);
  if (value == nullptr) return otherwise;
  if (value->is_number_integer()) return value->get<int64_t>();
  Fail(key, "is not a whole number");
  return otherwise;
}

absl::Duration Reader::Duration(std::string_view key,
                                absl::Duration otherwise) {
  if (!Has(key)) return otherwise;
  absl::Duration duration;
  const std::string text = String(key);
  if (absl::ParseDuration(text, &duration) &&
      duration >= absl::ZeroDuration()) {
    return duration;
  }
  Fail(key, "is not a duration");
  return otherwise;
}

std::vector<std::string> Reader::Strings(std::string_view key) {
  std::vector<std::string> strings;
  const Json* value = Raw(key);
  if (value == nullptr) return strings;
  if (!value->is_array()) {
    Fail(key, "is not a list");
    return strings;
  }
  for (const Json& item : *value) {
    if (item.is_string()) {
      strings.push_back(item.get<std::string>());
    } else {
      Fail(key, "holds something else than strings");
    }
  }
  return strings;
}

Reader Reader::Object(std::string_view key) {
  const Json* value = Raw(key);
  return Reader(value == nullptr ? EmptyObject() : *value,
                base::StrCat(path_, ".", key), error_);
}

std::vector<Reader> Reader::Objects(std::string_view key) {
  std::vector<Reader> readers;
  const Json* value = Raw(key);
  if (value == nullptr) return readers;
  if (!value->is_array()) {
    Fail(key, "is not a list");
    return readers;
  }
  for (size_t i = 0; i < value->size(); ++i) {
    readers.emplace_back((*value)[i],
                         base::StrCat(path_, ".", key, "[", i, "]"), error_);
  }
  return readers;
}

}  // namespace landwaiter::api
