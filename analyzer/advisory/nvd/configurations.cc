#include "analyzer/advisory/nvd/configurations.h"

#include <map>
#include <string>
#include <utility>

#include "analyzer/advisory/cpe_product.h"
#include "analyzer/advisory/json_fields.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

bool IsTrue(const Json& object, const char* key) {
  const Json* member = Member(object, key);
  return member != nullptr && member->is_boolean() && member->get<bool>();
}

// Whether a part of a configuration that is not itself vulnerable can be a
// Linux system: "running on Windows" cannot.
bool CanBeLinux(const Json& node) {
  bool any = false;
  for (const Json& match : ArrayIn(node, "cpeMatch")) {
    if (IsTrue(match, "vulnerable")) return true;
    const auto cpe = ParseCpe(TextIn(match, "criteria"));
    if (!cpe) continue;
    any = true;
    if (cpe->part == "o" &&
        (base::Contains(cpe->product, "linux") || cpe->vendor == "linux")) {
      return true;
    }
  }
  return !any;
}

bool Concerns(const Json& configuration) {
  if (IsTrue(configuration, "negate")) return false;
  if (WordIn(&configuration, "operator") != "AND") return true;
  for (const Json& node : ArrayIn(configuration, "nodes")) {
    if (!CanBeLinux(node)) return false;
  }
  return true;
}

// "1.0.2-beta1" of a version and its update.
std::string VersionOf(const Cpe& cpe) {
  if (cpe.update.empty() || cpe.update == "*" || cpe.update == "-") {
    return cpe.version;
  }
  return base::StrCat(cpe.version, "-", cpe.update);
}

void AddMatch(const Json& match, std::map<std::string, Affected>& by_package) {
  if (!IsTrue(match, "vulnerable")) return;
  const auto cpe = ParseCpe(TextIn(match, "criteria"));
  if (!cpe) FailField("criteria", "is no CPE 2.3 name");
  if (cpe->part != "a") return;
  const std::string_view package = CpePackageOf(cpe->vendor, cpe->product);
  if (package.empty()) return;
  if (cpe->target_software != "*" && cpe->target_software != "-" &&
      !base::Contains(cpe->target_software, "linux")) {
    return;
  }
  const std::string from = TextIn(match, "versionStartIncluding");
  const std::string after = TextIn(match, "versionStartExcluding");
  const std::string before = TextIn(match, "versionEndExcluding");
  const std::string to = TextIn(match, "versionEndIncluding");
  const bool range =
      !(from.empty() && after.empty() && before.empty() && to.empty());
  const bool exact = cpe->version != "*" && cpe->version != "-";
  if (!range && !exact) return;

  Affected& affected = by_package[std::string(package)];
  if (!range) {
    affected.versions.push_back(VersionOf(*cpe));
    return;
  }
  auto& events = affected.ranges.emplace_back();
  std::string begin = from.empty() ? "0" : from;
  // No version is known that lies in between.
  if (!after.empty()) begin = base::StrCat(after, ".0.0.1");
  events.push_back({EventKind::kIntroduced, std::move(begin)});
  if (!before.empty()) {
    events.push_back({EventKind::kFixed, before});
  } else if (!to.empty()) {
    events.push_back({EventKind::kLastAffected, to});
  }
}

}  // namespace

std::vector<Affected> AffectedByNvd(const Json& cve) {
  std::map<std::string, Affected> by_package;
  for (const Json& configuration : ArrayIn(cve, "configurations")) {
    if (!configuration.is_object()) {
      FailField("configurations", "has no object");
    }
    if (!Concerns(configuration)) continue;
    for (const Json& node : ArrayIn(configuration, "nodes")) {
      if (IsTrue(node, "negate")) continue;
      for (const Json& match : ArrayIn(node, "cpeMatch")) {
        if (!match.is_object()) FailField("cpeMatch", "has no object");
        AddMatch(match, by_package);
      }
    }
  }
  std::vector<Affected> all;
  for (auto& [package, affected] : by_package) {
    affected.ecosystem = "CPE";
    affected.package = package;
    all.push_back(std::move(affected));
  }
  return all;
}

}  // namespace landwaiter::analyzer::advisory
