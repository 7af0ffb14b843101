#include "analyzer/match/match.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <istream>
#include <memory>
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

struct Advisories {
  std::shared_ptr<const advisory::AdvisoryDb> db;
  advisory::BuildReport report;
};

absl::StatusOr<Advisories> OpenAdvisories(const MatchOptions& options) {
  if (!options.database.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(auto db,
                                advisory::AdvisoryDb::Open(options.database));
    return Advisories{std::move(db), {}};
  }
  advisory::BuildOptions build;
  build.fetch = options.fetch;
  LANDWAITER_ASSIGN_OR_RETURN(
      auto built, advisory::BuildAdvisories(options.advisories,
                                            options.cache_directory, build));
  return Advisories{std::move(built.db), std::move(built.report)};
}

}  // namespace

absl::StatusOr<MatchResult> Match(const MatchOptions& options) {
  MatchResult result;
  LANDWAITER_ASSIGN_OR_RETURN(result.inventory,
                              ReadInventory(options.inventory));
  LANDWAITER_ASSIGN_OR_RETURN(const Advisories advisories,
                              OpenAdvisories(options));
  LANDWAITER_ASSIGN_OR_RETURN(
      result.detection,
      detect::DetectVulnerabilities(result.inventory, *advisories.db));
  result.advisory_version = advisories.db->version();
  result.report = advisories.report;
  std::vector<model::Finding>& findings = result.detection.findings;
  std::sort(findings.begin(), findings.end(),
            [](const model::Finding& a, const model::Finding& b) {
              return std::tie(b.priority, b.severity, a.package, a.id, a.path,
                              a.installed_version, a.type) <
                     std::tie(a.priority, a.severity, b.package, b.id, b.path,
                              b.installed_version, b.type);
            });
  return result;
}

}  // namespace landwaiter::analyzer::match
