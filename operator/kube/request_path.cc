#include "operator/kube/request_path.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::kube {
namespace {

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' ||
        c == '~') {
      escaped += c;
    } else {
      absl::StrAppendFormat(&escaped, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

absl::StatusOr<std::string> Segment(std::string_view what,
                                    std::string_view name) {
  if (name.empty() || name == "." || name == "..") {
    return absl::InvalidArgumentError(
        base::StrCat(what, ": \"", name, "\" is no name"));
  }
  return Escape(name);
}

}  // namespace

absl::StatusOr<std::string> CollectionPath(const ResourceType& type,
                                           std::string_view ns) {
  std::string path = type.group.empty() ? base::StrCat("/api/", type.version)
                                        : base::StrCat("/apis/", type.group,
                                                       "/", type.version);
  if (type.namespaced && !ns.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(std::string segment, Segment("namespace", ns));
    absl::StrAppend(&path, "/namespaces/", segment);
  }
  base::StrAppend(&path, "/", type.plural);
  return path;
}

absl::StatusOr<std::string> ObjectPath(const ResourceType& type,
                                       const ObjectKey& key,
                                       std::string_view subresource) {
  if (type.namespaced && key.ns.empty()) {
    return absl::InvalidArgumentError(
        base::StrCat(type.kind, " ", key.name, ": namespace is empty"));
  }
  LANDWAITER_ASSIGN_OR_RETURN(std::string path, CollectionPath(type, key.ns));
  LANDWAITER_ASSIGN_OR_RETURN(std::string name, Segment("name", key.name));
  absl::StrAppend(&path, "/", name);
  if (!subresource.empty()) base::StrAppend(&path, "/", subresource);
  return path;
}

void AddQuery(std::string& target, std::string_view name,
              std::string_view value) {
  if (value.empty()) return;
  base::StrAppend(&target, target.find('?') == std::string::npos ? "?" : "&",
                  name, "=", Escape(value));
}

void AddQuery(std::string& target, std::string_view name, int64_t value) {
  if (value != 0) AddQuery(target, name, absl::StrCat(value));
}

}  // namespace landwaiter::kube
