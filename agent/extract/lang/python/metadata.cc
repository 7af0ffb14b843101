#include "agent/extract/lang/python/metadata.h"

#include <string>
#include <utility>
#include <vector>

#include "agent/extract/lang/formats.h"
#include "agent/extract/lang/python/name.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/headers.h"

namespace landwaiter::agent::extract::lang {
namespace {

// The three places for a licence; the first that says something counts.
struct Licenses {
  std::string expression;  // PEP 639
  std::string field;
  std::vector<std::string> classifiers;

  std::vector<std::string> Best() && {
    if (!expression.empty()) return {std::move(expression)};
    // Some put the licence's whole text there.
    const bool is_text = field.find('\n') != field.npos || field.size() > 200;
    if (!field.empty() && !is_text && !base::EqualsIgnoreCase(field, "UNKNOWN"))
      return {std::move(field)};
    return std::move(classifiers);
  }
};

// "License :: OSI Approved :: MIT License"
void TakeClassifier(std::string_view value, Licenses& licenses) {
  constexpr std::string_view kPrefix = "License ::";
  if (!value.starts_with(kPrefix)) return;
  const std::string_view last =
      base::Strip(value.substr(value.rfind("::") + 2));
  if (last != "OSI Approved" && licenses.classifiers.size() < 16) {
    licenses.classifiers.emplace_back(last);
  }
}

}  // namespace

absl::Status ReadMetadata(std::string_view, File& file, PackageList& packages) {
  text::HeaderReader headers(file);
  model::Package package;
  package.type = "pypi";
  Licenses licenses;
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(auto header, headers.Next());
    if (!header.has_value()) break;
    if (header->name == "name") {
      package.name = NormalizedPythonName(header->value);
    } else if (header->name == "version") {
      package.version = std::move(header->value);
    } else if (header->name == "license-expression") {
      licenses.expression = std::move(header->value);
    } else if (header->name == "license") {
      licenses.field = std::move(header->value);
    } else if (header->name == "classifier") {
      TakeClassifier(header->value, licenses);
    }
  }
  package.licenses = std::move(licenses).Best();
  return Keep(std::move(package), packages);
}

}  // namespace landwaiter::agent::extract::lang
