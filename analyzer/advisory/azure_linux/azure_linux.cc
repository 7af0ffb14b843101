#include "analyzer/advisory/azure_linux/azure_linux.h"

#include <vector>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

std::string_view Digits(std::string_view text) {
  return text.substr(0, text.find_first_not_of("0123456789"));
}

// "3" of "3.4.0-1.azl3" and "2" of "1.19.0.cm2"; else of the file's name,
// "azurelinux-3.0-oval.xml".
std::string_view ReleaseOf(std::string_view version, std::string_view file) {
  for (const std::string_view tag : {".azl", ".cm"}) {
    const size_t at = version.rfind(tag);
    if (at == version.npos) continue;
    const std::string_view digits = Digits(version.substr(at + tag.size()));
    if (!digits.empty()) return digits;
  }
  for (const std::string_view word : {"azurelinux-", "mariner-"}) {
    const size_t at = file.rfind(word);
    if (at != file.npos) return Digits(file.substr(at + word.size()));
  }
  return {};
}

}  // namespace

std::string_view AzureLinuxOval::description() const {
  return "Azure Linux and CBL-Mariner: "
         "github.com/microsoft/AzureLinuxVulnerabilityData";
}

std::string AzureLinuxOval::IdOf(const OvalDefinition& definition) const {
  if (definition.kind != "vulnerability") return "";
  // "39708-1", the version of the record behind the hyphen.
  const std::string_view number = Digits(definition.advisory_id);
  if (!number.empty()) return base::StrCat("AZL-", number);
  return FirstWord(definition.title);
}

void AzureLinuxOval::AddEntries(const OvalDefinition&, const OvalClause& clause,
                                std::string_view file,
                                AffectedList& entries) const {
  const std::string_view release = ReleaseOf(clause.fact.version, file);
  if (release.empty()) return;
  entries.Add(OvalEntry(base::StrCat("Azure Linux:", release), clause));
}

}  // namespace landwaiter::analyzer::advisory
