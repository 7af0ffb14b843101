#include "analyzer/match/print.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::match {
namespace {

using Json = nlohmann::ordered_json;

Json FindingToJson(const model::Finding& finding) {
  Json json = {{"advisory", finding.advisory},
               {"aliases", finding.aliases},
               {"package", finding.package},
               {"sourcePackage", finding.source_package},
               {"installedVersion", finding.installed_version}};
  if (!finding.fixed_version.empty()) {
    json["fixedVersion"] = finding.fixed_version;
  }
  json["severity"] = std::string(model::ToString(finding.severity));
  json["type"] = finding.type;
  json["path"] = finding.path;
  json["layer"] = finding.layer.text();
  if (!finding.fix_command.empty()) json["fixCommand"] = finding.fix_command;
  json["summary"] = finding.summary;
  return json;
}

Json SummaryToJson(const std::vector<model::Finding>& findings) {
  model::SeverityCounts counts;
  for (const model::Finding& finding : findings) counts.Add(finding.severity);
  return {{"critical", counts.critical},
          {"high", counts.high},
          {"medium", counts.medium},
          {"low", counts.low},
          {"unknown", counts.unknown}};
}

Json OsToJson(const model::OsRelease& os) {
  return {{"id", os.id},
          {"versionId", os.version_id},
          {"codename", os.codename},
          {"prettyName", os.pretty_name}};
}

}  // namespace

std::string ToJson(const MatchResult& result) {
  const model::Inventory& inventory = result.inventory;
  Json json;
  json["image"] = {{"reference", inventory.reference},
                   {"digest", inventory.manifest.text()},
                   {"platform", inventory.config.platform.ToString()}};
  json["os"] = OsToJson(inventory.os);
  json["ecosystem"] = result.detection.ecosystem;
  json["noAdvisoryData"] = result.detection.no_advisory_data;
  json["advisories"] = {{"version", result.advisory_version},
                        {"records", result.report.records},
                        {"taken", result.report.taken},
                        {"withdrawn", result.report.withdrawn},
                        {"skipped", result.report.skipped}};
  json["summary"] = SummaryToJson(result.detection.findings);
  json["findings"] = Json::array();
  for (const model::Finding& finding : result.detection.findings) {
    json["findings"].push_back(FindingToJson(finding));
  }
  json["problems"] = inventory.problems;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace landwaiter::analyzer::match
