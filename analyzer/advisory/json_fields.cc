#include "analyzer/advisory/json_fields.h"

#include <utility>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr int kMaxDepth = 64;
// LMDB's keys have at most 511 bytes; a package's name is the most of one.
constexpr size_t kMaxName = 240;

struct TooDeep {};

}  // namespace

void FailField(std::string_view field, std::string_view what) {
  throw BrokenRecord{RecordProblem::kBadField, base::StrCat(field, " ", what)};
}

absl::Status ReadRecord(std::string_view where, FeedSink& sink,
                        absl::FunctionRef<absl::Status()> read) {
  try {
    return read();
  } catch (const BrokenRecord& broken) {
    sink.Skip(where, broken.problem, broken.message);
  } catch (const Json::exception& e) {
    sink.Skip(where, RecordProblem::kBadField, base::Printable(e.what()));
  }
  return absl::OkStatus();
}

Json ParseRecordJson(std::string_view text) {
  if (text.size() > kMaxRecord) {
    throw BrokenRecord{RecordProblem::kTooLarge,
                       base::StrCat("has more than ", kMaxRecord, " bytes")};
  }
  const auto check_depth = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kMaxDepth) throw TooDeep();
    return true;
  };
  try {
    return Json::parse(text, check_depth);
  } catch (const TooDeep&) {
    throw BrokenRecord{RecordProblem::kTooDeep,
                       base::StrCat("is nested deeper than ", kMaxDepth)};
  } catch (const Json::exception& e) {
    throw BrokenRecord{RecordProblem::kNotJson, base::Printable(e.what())};
  }
}

const Json* Member(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it == object.end() || it->is_null() ? nullptr : &*it;
}

const Json* ObjectIn(const Json& object, const char* key) {
  const Json* member = Member(object, key);
  if (member != nullptr && !member->is_object()) {
    FailField(key, "is no object");
  }
  return member;
}

const std::vector<Json>& ArrayIn(const Json& object, const char* key) {
  static const std::vector<Json> kNone;
  const Json* member = Member(object, key);
  if (member == nullptr) return kNone;
  const auto* array = member->get_ptr<const Json::array_t*>();
  if (array == nullptr) FailField(key, "is no array");
  return *array;
}

std::string Text(const Json& value, const char* field) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) FailField(field, "is no string");
  return *text;
}

std::string TextIn(const Json& object, const char* key) {
  const Json* member = Member(object, key);
  return member == nullptr ? "" : Text(*member, key);
}

std::vector<std::string> TextsIn(const Json& object, const char* key) {
  std::vector<std::string> texts;
  for (const Json& item : ArrayIn(object, key)) {
    texts.push_back(Text(item, key));
  }
  return texts;
}

std::string WordIn(const Json* object, const char* key) {
  const Json* member = object == nullptr ? nullptr : Member(*object, key);
  const auto* text =
      member == nullptr ? nullptr : member->get_ptr<const std::string*>();
  return text == nullptr ? "" : *text;
}

void CheckName(std::string_view ecosystem, std::string_view package) {
  constexpr std::string_view kNul("\0", 1);
  if (ecosystem.empty() || package.empty()) {
    FailField("affected.package", "has no ecosystem or no name");
  }
  if (base::Contains(ecosystem, kNul) || base::Contains(package, kNul)) {
    FailField("affected.package", "has a NUL");
  }
  if (ecosystem.size() + package.size() > kMaxName) {
    throw BrokenRecord{
        RecordProblem::kLongName,
        base::StrCat("a package's name has ", package.size(), " bytes")};
  }
}

}  // namespace landwaiter::analyzer::advisory
