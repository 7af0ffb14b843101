#include "operator/kube/fake/selector.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::kube {
namespace {

struct Requirement {
  std::string_view key;
  enum { kIn, kNotIn, kExists, kDoesNotExist } op = kIn;
  std::vector<std::string_view> values;
};

// Pieces between commas that are not within parentheses.
std::vector<std::string_view> SplitOutside(std::string_view text) {
  std::vector<std::string_view> pieces;
  size_t start = 0;
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') inside = true;
    if (text[i] == ')') inside = false;
    if (text[i] != ',' || inside) continue;
    pieces.push_back(base::Strip(text.substr(start, i - start)));
    start = i + 1;
  }
  pieces.push_back(base::Strip(text.substr(start)));
  return pieces;
}

absl::Status Unreadable(std::string_view text) {
  return absl::InvalidArgumentError(
      base::StrCat("unable to parse requirement: ", base::Printable(text)));
}

absl::StatusOr<Requirement> ParseSet(std::string_view text, size_t open) {
  if (!text.ends_with(')')) return Unreadable(text);
  Requirement result;
  std::string_view head = base::Strip(text.substr(0, open));
  if (head.ends_with(" notin")) {
    result.op = Requirement::kNotIn;
    head.remove_suffix(6);
  } else if (head.ends_with(" in")) {
    head.remove_suffix(3);
  } else {
    return Unreadable(text);
  }
  result.key = base::Strip(head);
  for (std::string_view value :
       base::Split(text.substr(open + 1, text.size() - open - 2), ',')) {
    result.values.push_back(base::Strip(value));
  }
  return result;
}

absl::StatusOr<Requirement> ParseRequirement(std::string_view text) {
  if (text.empty()) return Unreadable(text);
  if (size_t open = text.find('('); open != std::string_view::npos) {
    return ParseSet(text, open);
  }
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    if (text.find(' ') != std::string_view::npos) return Unreadable(text);
    if (text[0] == '!') {
      return Requirement{
          base::Strip(text.substr(1)), Requirement::kDoesNotExist, {}};
    }
    return Requirement{text, Requirement::kExists, {}};
  }
  Requirement result;
  std::string_view key = text.substr(0, equals);
  std::string_view value = text.substr(equals + 1);
  if (value.starts_with('=')) value.remove_prefix(1);
  if (key.ends_with('!')) {
    key.remove_suffix(1);
    result.op = Requirement::kNotIn;
  }
  result.key = base::Strip(key);
  result.values = {base::Strip(value)};
  return result;
}

bool Satisfies(const std::optional<std::string>& value,
               const Requirement& requirement) {
  const bool listed =
      value.has_value() &&
      std::ranges::find(requirement.values, *value) != requirement.values.end();
  switch (requirement.op) {
    case Requirement::kIn:
      return listed;
    case Requirement::kNotIn:
      return !listed;
    case Requirement::kExists:
      return value.has_value();
    case Requirement::kDoesNotExist:
      return !value.has_value();
  }
  return false;
}

std::optional<std::string> TextOf(const Json* value) {
  if (value == nullptr) return std::nullopt;
  return value->is_string() ? value->get<std::string>() : value->dump();
}

const Json* FieldAt(const Json& object, std::string_view path) {
  const Json* at = &object;
  for (std::string_view key : base::Split(path, '.')) {
    at = Find(*at, {key});
    if (at == nullptr) return nullptr;
  }
  return at;
}

}  // namespace

absl::StatusOr<bool> MatchesLabels(std::string_view selector,
                                   const Json& object) {
  if (selector.empty()) return true;
  for (std::string_view piece : SplitOutside(selector)) {
    LANDWAITER_ASSIGN_OR_RETURN(Requirement requirement,
                                ParseRequirement(piece));
    const Json* label = Find(object, {"metadata", "labels", requirement.key});
    if (!Satisfies(TextOf(label), requirement)) return false;
  }
  return true;
}

absl::StatusOr<bool> MatchesFields(std::string_view selector,
                                   const Json& object) {
  if (selector.empty()) return true;
  for (std::string_view piece : SplitOutside(selector)) {
    LANDWAITER_ASSIGN_OR_RETURN(Requirement requirement,
                                ParseRequirement(piece));
    // A field that is not there reads as the empty text.
    std::string value =
        TextOf(FieldAt(object, requirement.key)).value_or(std::string());
    if (!Satisfies(value, requirement)) return false;
  }
  return true;
}

}  // namespace landwaiter::kube
