#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "agent/inspect/json_document.h"
#include "agent/inspect/license.h"
#include "agent/inspect/print.h"
#include "agent/inspect/purl.h"
#include "core/base/hash.h"
#include "core/base/strings.h"

namespace landwaiter::agent::inspect {
namespace {

using nlohmann::ordered_json;

// RFC 4122 in form: version 8 (custom), as it is made from a hash.
std::string SerialNumber(const model::Inventory& inventory) {
  std::string hex = base::Sha256Hex(
      base::StrCat(inventory.manifest.text(), "\n", inventory.reference));
  hex[12] = '8';
  hex[16] = "89ab"[hex[16] % 4];
  return base::StrCat("urn:uuid:", hex.substr(0, 8), "-", hex.substr(8, 4), "-",
                      hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20, 12));
}

void AddProperty(ordered_json& component, std::string_view name,
                 const std::string& value) {
  if (value.empty()) return;
  component["properties"].push_back(
      {{"name", base::StrCat("landwaiter:", name)},
       {"value", base::ToValidUtf8(value)}});
}

// Either one expression or a list of licences, as the schema has it.
ordered_json Licenses(const model::Package& package) {
  ordered_json list = ordered_json::array();
  for (const std::string& license : package.licenses) {
    const std::string text = base::ToValidUtf8(license);
    if (text.empty()) continue;
    const auto expression = SpdxExpression(text);
    if (!expression) {
      list.push_back({{"license", {{"name", text}}}});
    } else if (IsSingleLicense(*expression)) {
      list.push_back({{"license", {{"id", *expression}}}});
    } else if (package.licenses.size() == 1) {
      list.push_back({{"expression", *expression}});
    } else {
      list.push_back({{"license", {{"name", *expression}}}});
    }
  }
  return list;
}

ordered_json PackageComponent(const model::InstalledPackage& installed,
                              const model::OsRelease& os,
                              std::map<std::string, int>& references) {
  const model::Package& package = installed.package;
  const std::string purl = PackageUrl(package, os);
  // Two databases may list one package; a reference has to be unique.
  const int occurrence = ++references[purl];
  ordered_json component = {
      {"type", "library"},
      {"bom-ref",
       occurrence == 1 ? purl : base::StrCat(purl, "#", occurrence)}};
  if (!package.vendor.empty()) {
    component["publisher"] = base::ToValidUtf8(package.vendor);
  }
  component["name"] = base::ToValidUtf8(package.name);
  component["version"] = base::ToValidUtf8(package.version);
  if (ordered_json licenses = Licenses(package); !licenses.empty()) {
    component["licenses"] = std::move(licenses);
  }
  component["purl"] = purl;
  AddProperty(component, "path", installed.path);
  AddProperty(component, "location", package.location);
  AddProperty(component, "layer", installed.layer.text());
  AddProperty(component, "sourceName", package.source_name);
  AddProperty(component, "sourceVersion", package.source_version);
  AddProperty(component, "module", package.module);
  AddProperty(component, "declared", package.declared ? "true" : "");
  AddProperty(component, "development", package.development ? "true" : "");
  AddProperty(component, "owned", installed.owned ? "true" : "");
  return component;
}

ordered_json SystemComponent(const model::OsRelease& os) {
  ordered_json component = {{"type", "operating-system"},
                            {"bom-ref", "operating-system"},
                            {"name", base::ToValidUtf8(os.id)}};
  if (!os.version_id.empty()) {
    component["version"] = base::ToValidUtf8(os.version_id);
  }
  if (!os.pretty_name.empty()) {
    component["description"] = base::ToValidUtf8(os.pretty_name);
  }
  if (!os.cpe_name.empty()) component["cpe"] = base::ToValidUtf8(os.cpe_name);
  return component;
}

ordered_json Metadata(const model::Inventory& inventory) {
  const ordered_json tool = {{"type", "application"}, {"name", "landwaiter"}};
  ordered_json metadata = {
      {"tools", {{"components", ordered_json::array({tool})}}},
      {"component",
       {{"type", "container"},
        {"bom-ref", "image"},
        {"name", base::ToValidUtf8(inventory.reference)},
        {"version", inventory.manifest.text()}}}};
  for (const std::string& problem : inventory.problems) {
    AddProperty(metadata, "problem", problem);
  }
  return metadata;
}

}  // namespace

void PrintCycloneDx(const model::Inventory& inventory,
                    model::EachPackage packages, TextSink write) {
  JsonDocument bom(
      {{"$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json"},
       {"bomFormat", "CycloneDX"},
       {"specVersion", "1.6"},
       {"serialNumber", SerialNumber(inventory)},
       {"version", 1},
       {"metadata", Metadata(inventory)}},
      write);
  bom.BeginArray("components");
  if (!inventory.os.empty()) bom.Item(SystemComponent(inventory.os));
  std::map<std::string, int> references;
  packages([&](const model::InstalledPackage& package) {
    bom.Item(PackageComponent(package, inventory.os, references));
  });
  bom.EndArray();
  bom.End();
}

}  // namespace landwaiter::agent::inspect
