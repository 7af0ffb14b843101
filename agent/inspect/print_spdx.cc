#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "agent/inspect/json_document.h"
#include "agent/inspect/license.h"
#include "agent/inspect/print.h"
#include "agent/inspect/purl.h"
#include "core/base/hash.h"
#include "core/base/strings.h"
#include "core/base/version.h"

namespace landwaiter::agent::inspect {
namespace {

using nlohmann::ordered_json;

constexpr const char* kNoAssertion = "NOASSERTION";
constexpr const char* kDocument = "SPDXRef-DOCUMENT";
constexpr const char* kImage = "SPDXRef-Image";
constexpr const char* kSystem = "SPDXRef-OperatingSystem";

// When the image was made: the document has to have a time, and the same image
// has to give the same bytes.
std::string Created(const model::Inventory& inventory) {
  absl::Time time = absl::UnixEpoch();
  absl::ParseTime(absl::RFC3339_full, inventory.config.created, &time, nullptr);
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

// The document's identity: of the image, or of the tree that it is about.
std::string Namespace(const model::Inventory& inventory) {
  std::string identity =
      base::StrCat(inventory.manifest.text(), "\n", inventory.reference);
  for (const model::LayerRef& layer : inventory.layers) {
    base::StrAppend(&identity, "\n", layer.blob.digest.text());
  }
  return base::StrCat("https://landwaiter.dev/spdx/",
                      base::Sha256Hex(identity));
}

ordered_json NewPackage(std::string id, const std::string& name,
                        const std::string& version) {
  ordered_json package = {{"SPDXID", std::move(id)},
                          {"name", base::ToValidUtf8(name)}};
  if (!version.empty()) package["versionInfo"] = base::ToValidUtf8(version);
  package["downloadLocation"] = kNoAssertion;
  package["filesAnalyzed"] = false;
  return package;
}

ordered_json ImagePackage(const model::Inventory& inventory) {
  ordered_json image = NewPackage(
      kImage, inventory.reference.empty() ? "image" : inventory.reference,
      inventory.manifest.text());
  image["primaryPackagePurpose"] = "CONTAINER";
  if (!inventory.problems.empty()) {
    std::string problems = "What could not be read:";
    for (const std::string& problem : inventory.problems) {
      base::StrAppend(&problems, "\n", base::ToValidUtf8(problem));
    }
    image["comment"] = problems;
  }
  return image;
}

ordered_json SystemPackage(const model::OsRelease& os) {
  ordered_json system = NewPackage(kSystem, os.id, os.version_id);
  if (!os.pretty_name.empty()) {
    system["description"] = base::ToValidUtf8(os.pretty_name);
  }
  system["primaryPackagePurpose"] = "OPERATING-SYSTEM";
  return system;
}

std::string PackageId(size_t number) {
  return base::StrCat("SPDXRef-Package-", number);
}

ordered_json Relationship(const std::string& from, const char* how,
                          const std::string& to) {
  return {{"spdxElementId", from},
          {"relationshipType", how},
          {"relatedSpdxElement", to}};
}

class Document {
 public:
  Document(const model::Inventory& inventory, TextSink write)
      : inventory_(inventory), json_(Head(inventory), write) {}

  void Print(model::EachPackage packages) {
    json_.BeginArray("packages");
    json_.Item(ImagePackage(inventory_));
    if (!inventory_.os.empty()) json_.Item(SystemPackage(inventory_.os));
    packages([this](const model::InstalledPackage& package) {
      AddPackage(package);
    });
    json_.EndArray();
    AddRelationships();
    if (!licenses_.empty()) {
      json_.Member("hasExtractedLicensingInfos", ExtractedLicenses());
    }
    json_.End();
  }

 private:
  static ordered_json Head(const model::Inventory& inventory) {
    const std::string name = base::ToValidUtf8(inventory.reference);
    return {
        {"spdxVersion", "SPDX-2.3"},
        {"dataLicense", "CC0-1.0"},
        {"SPDXID", kDocument},
        {"name", name.empty() ? "image" : name},
        {"documentNamespace", Namespace(inventory)},
        {"creationInfo",
         {{"created", Created(inventory)},
          {"creators", {base::StrCat("Tool: landwaiter-", base::Version())}}}}};
  }

  void AddRelationships() {
    json_.BeginArray("relationships");
    json_.Item(Relationship(kDocument, "DESCRIBES", kImage));
    if (!inventory_.os.empty()) {
      json_.Item(Relationship(kImage, "CONTAINS", kSystem));
    }
    for (size_t i = 1; i <= count_; ++i) {
      json_.Item(Relationship(kImage, "CONTAINS", PackageId(i)));
    }
    json_.EndArray();
  }

  void AddPackage(const model::InstalledPackage& installed) {
    const model::Package& package = installed.package;
    ordered_json json =
        NewPackage(PackageId(++count_), package.name, package.version);
    if (!package.vendor.empty()) {
      json["supplier"] = "Organization: " + base::ToValidUtf8(package.vendor);
    }
    json["sourceInfo"] = SourceInfo(installed);
    json["licenseConcluded"] = kNoAssertion;
    json["licenseDeclared"] = DeclaredLicense(package);
    json["copyrightText"] = kNoAssertion;
    json["externalRefs"] = {
        {{"referenceCategory", "PACKAGE-MANAGER"},
         {"referenceType", "purl"},
         {"referenceLocator", PackageUrl(package, inventory_.os)}}};
    json_.Item(json);
  }

  static std::string SourceInfo(const model::InstalledPackage& installed) {
    std::string info = "told by /" + base::ToValidUtf8(installed.path);
    if (!installed.package.location.empty()) {
      base::StrAppend(&info, "!/", installed.package.location);
    }
    base::StrAppend(&info, " of layer ", installed.layer.text());
    if (!installed.package.source_name.empty()) {
      base::StrAppend(&info, "; built from ",
                      base::ToValidUtf8(installed.package.source_name), " ",
                      base::ToValidUtf8(installed.package.source_version));
    }
    return info;
  }

  std::string DeclaredLicense(const model::Package& package) {
    std::set<std::string> parts;
    for (const std::string& license : package.licenses) {
      const std::string text = base::ToValidUtf8(license);
      if (text.empty()) continue;
      if (auto expression = SpdxExpression(text)) {
        parts.insert(IsSingleLicense(*expression)
                         ? *expression
                         : base::StrCat("(", *expression, ")"));
      } else {
        const std::string reference =
            "LicenseRef-" + base::Sha256Hex(text).substr(0, 16);
        licenses_[reference] = text;
        parts.insert(reference);
      }
    }
    if (parts.empty()) return kNoAssertion;
    std::string all;
    for (const std::string& part : parts) {
      base::StrAppend(&all, all.empty() ? "" : " AND ", part);
    }
    return all;
  }

  ordered_json ExtractedLicenses() const {
    ordered_json list = ordered_json::array();
    for (const auto& [reference, text] : licenses_) {
      list.push_back(
          {{"licenseId", reference}, {"name", text}, {"extractedText", text}});
    }
    return list;
  }

  const model::Inventory& inventory_;
  JsonDocument json_;
  // What packages call their licences, by LicenseRef.
  std::map<std::string, std::string> licenses_;
  size_t count_ = 0;  // packages so far
};

}  // namespace

void PrintSpdx(const model::Inventory& inventory, model::EachPackage packages,
               TextSink write) {
  Document(inventory, write).Print(packages);
}

}  // namespace landwaiter::agent::inspect
