#ifndef LANDWAITER_OPERATOR_KUBE_CONFIG_YAML_FIELD_H_
#define LANDWAITER_OPERATOR_KUBE_CONFIG_YAML_FIELD_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "yaml-cpp/yaml.h"

namespace landwaiter::kube {

// A part of a YAML document that knows where it is, so that what is said of it
// names it: "users[0].user.exec". Where there is nothing, it is Absent. None
// throws.
class YamlField {
 public:
  // INVALID_ARGUMENT if the text is no YAML.
  static absl::StatusOr<YamlField> Parse(std::string_view text);

  bool Absent() const { return !node_.IsDefined() || node_.IsNull(); }
  const std::string& path() const { return path_; }

  YamlField Child(const std::string& name) const;
  // The items of a list; none if it is absent.
  absl::StatusOr<std::vector<YamlField>> Items() const;
  // Empty or false if it is absent.
  absl::StatusOr<std::string> Text() const;
  absl::StatusOr<bool> Flag() const;

  // INVALID_ARGUMENT: "users[0].user.exec: `what`".
  absl::Status Error(std::string_view what) const;

 private:
  YamlField(YAML::Node node, std::string path)
      : node_(node), path_(std::move(path)) {}

  YAML::Node node_;
  std::string path_;
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CONFIG_YAML_FIELD_H_
