#include "operator/kube/config/yaml_field.h"

#include "absl/strings/str_cat.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::kube {

absl::StatusOr<YamlField> YamlField::Parse(std::string_view text) {
  try {
    return YamlField(YAML::Load(std::string(text)), "");
  } catch (const YAML::Exception& e) {
    return absl::InvalidArgumentError(
        absl::StrCat("not YAML: line ", e.mark.line + 1, ": ", e.msg));
  }
}

YamlField YamlField::Child(const std::string& name) const {
  std::string path = path_.empty() ? name : absl::StrCat(path_, ".", name);
  if (!node_.IsDefined() || !node_.IsMap()) {
    return YamlField(YAML::Node(), std::move(path));
  }
  // Constant access does not add the key.
  const YAML::Node& node = node_;
  const YAML::Node child = node[name];
  return YamlField(child.IsDefined() ? child : YAML::Node(), std::move(path));
}

absl::StatusOr<std::vector<YamlField>> YamlField::Items() const {
  std::vector<YamlField> items;
  if (Absent()) return items;
  if (!node_.IsSequence()) return Error("is not a list");
  for (size_t i = 0; i < node_.size(); ++i) {
    items.push_back(YamlField(node_[i], absl::StrCat(path_, "[", i, "]")));
  }
  return items;
}

absl::StatusOr<std::string> YamlField::Text() const {
  if (Absent()) return std::string();
  if (!node_.IsScalar()) return Error("is not text");
  return node_.Scalar();
}

absl::StatusOr<bool> YamlField::Flag() const {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string text, Text());
  if (text == "true") return true;
  if (text.empty() || text == "false") return false;
  return Error("is neither true nor false");
}

absl::Status YamlField::Error(std::string_view what) const {
  return absl::InvalidArgumentError(base::StrCat(path_, ": ", what));
}

}  // namespace landwaiter::kube
