#include "analyzer/match/print.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::match {
namespace {

using Json = nlohmann::ordered_json;

void PutText(const char* key, const std::string& text, Json& json) {
  if (!text.empty()) json[key] = text;
}

void PutSubject(const model::Finding& finding, Json& json) {
  const bool system = finding.category == model::Category::kSystem;
  json["id"] = finding.id;
  json["category"] = system ? "System" : "Application";
  json["advisory"] = finding.advisory;
  json["aliases"] = finding.aliases;
  json["package"] = finding.package;
  PutText("sourcePackage", finding.source_package, json);
  json["type"] = finding.type;
  json["installedVersion"] = finding.installed_version;
  json["path"] = finding.path;
  PutText("location", finding.location, json);
  if (finding.declared) json["declared"] = true;
  if (finding.development) json["development"] = true;
}

void PutRating(const model::Finding& finding, Json& json) {
  json["severity"] = std::string(model::ToString(finding.severity));
  PutText("severitySource", finding.severity_source, json);
  json["priority"] = finding.priority;
  if (finding.exploited) json["exploited"] = true;
  if (finding.epss > 0) json["epss"] = finding.epss / 1e6;
  json["state"] = std::string(model::ToString(finding.state));
  PutText("statement", finding.statement, json);
  PutText("summary", finding.summary, json);
}

void PutFix(const model::Finding& finding, Json& json) {
  PutText("fixedVersion", finding.fixed_version, json);
  PutText("fixCommand", finding.fix_command, json);
  PutText("impact", finding.impact, json);
}

void PutOrigin(const model::Finding& finding, Json& json) {
  Json why = {{"feed", finding.feed},
              {"range", finding.range},
              {"database", finding.database},
              {"layer", finding.layer.text()}};
  PutText("instruction", finding.instruction, why);
  json["why"] = std::move(why);
}

Json CountsToJson(const model::SeverityCounts& counts) {
  return {{"critical", counts.critical},
          {"high", counts.high},
          {"medium", counts.medium},
          {"low", counts.low},
          {"unknown", counts.unknown}};
}

Json SummaryToJson(const std::vector<model::Finding>& findings) {
  model::VulnerabilityCounts counts;
  for (const model::Finding& finding : findings) counts.Add(finding);
  return {{"systemVulnerabilities", CountsToJson(counts.system)},
          {"applicationVulnerabilities", CountsToJson(counts.application)}};
}

Json OsToJson(const model::OsRelease& os) {
  return {{"id", os.id},
          {"versionId", os.version_id},
          {"codename", os.codename},
          {"prettyName", os.pretty_name}};
}

Json ApplicationsToJson(
    const std::vector<detect::EcosystemResult>& applications) {
  Json json = Json::array();
  for (const detect::EcosystemResult& application : applications) {
    json.push_back({{"ecosystem", application.name},
                    {"packages", application.packages},
                    {"noAdvisoryData", application.no_advisory_data}});
  }
  return json;
}

}  // namespace

std::string ToJson(const model::Finding& finding) {
  Json json;
  PutSubject(finding, json);
  PutRating(finding, json);
  PutFix(finding, json);
  PutOrigin(finding, json);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string ToJson(const MatchResult& result) {
  const model::Inventory& inventory = result.inventory;
  const detect::DetectionResult& detection = result.detection;
  Json json;
  json["image"] = {{"reference", inventory.reference},
                   {"digest", inventory.manifest.text()},
                   {"platform", inventory.config.platform.ToString()}};
  json["os"] = OsToJson(inventory.os);
  json["ecosystem"] = detection.ecosystem;
  PutText("endOfLife", detection.end_of_life, json);
  json["noAdvisoryData"] = detection.no_advisory_data;
  json["applications"] = ApplicationsToJson(detection.applications);
  json["advisories"] = {{"version", result.advisory_version},
                        {"records", result.report.records},
                        {"taken", result.report.taken},
                        {"withdrawn", result.report.withdrawn},
                        {"skipped", result.report.skipped}};
  json["summary"] = SummaryToJson(detection.findings);
  json["findings"] = Json::array();
  for (const model::Finding& finding : detection.findings) {
    json["findings"].push_back(Json::parse(ToJson(finding)));
  }
  json["fixCommands"] = detection.fix_commands;
  json["problems"] = inventory.problems;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace landwaiter::analyzer::match
