#include "analyzer/match/match.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <istream>
#include <tuple>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/wire/inventory_json.h"

namespace landwaiter::analyzer::match {
namespace {

// The inventory's own limit is lower; this one bounds the memory.
constexpr size_t kMaxInput = size_t{257} << 20;

absl::StatusOr<std::string> ReadAll(std::istream& in, const std::string& name) {
  std::string text;
  std::string buffer(1 << 16, '\0');
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())),
         in.gcount() > 0) {
    text.append(buffer, 0, static_cast<size_t>(in.gcount()));
    if (text.size() > kMaxInput) break;
  }
  if (in.eof() || text.size() > kMaxInput) return text;
  return absl::InvalidArgumentError(base::StrCat(name, " cannot be read"));
}

absl::StatusOr<model::Inventory> ReadInventory(const std::string& path) {
  std::ifstream file;
  const bool stdin_wanted = path == "-";
  if (!stdin_wanted) file.open(path, std::ios::binary);
  if (!stdin_wanted && !file) {
    return absl::NotFoundError(base::StrCat("cannot open ", path));
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                              ReadAll(stdin_wanted ? std::cin : file, path));
  return wire::InventoryFromJson(text);
}

}  // namespace

absl::StatusOr<MatchResult> Match(const MatchOptions& options) {
  MatchResult result;
  LANDWAITER_ASSIGN_OR_RETURN(result.inventory,
                              ReadInventory(options.inventory));
  advisory::BuildOptions build;
  build.fetch = options.fetch;
  LANDWAITER_ASSIGN_OR_RETURN(
      auto advisories, advisory::BuildAdvisories(
                           options.advisories, options.cache_directory, build));
  LANDWAITER_ASSIGN_OR_RETURN(
      result.detection,
      detect::DetectVulnerabilities(result.inventory, *advisories.db));
  result.advisory_version = advisories.db->version();
  result.report = std::move(advisories.report);
  std::vector<model::Finding>& findings = result.detection.findings;
  std::sort(findings.begin(), findings.end(),
            [](const model::Finding& a, const model::Finding& b) {
              return std::tie(b.severity, a.package, a.advisory, a.path,
                              a.installed_version) <
                     std::tie(a.severity, b.package, b.advisory, b.path,
                              b.installed_version);
            });
  return result;
}

}  // namespace landwaiter::analyzer::match
