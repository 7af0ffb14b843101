#include "agent/extract/os/dpkg/stanza.h"

#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {

void DpkgStanza::Set(std::string_view field, std::string_view value) {
  any = true;
  const struct {
    std::string_view name;
    std::string* value;
  } kKept[] = {
      {"Package", &package}, {"Status", &status},
      {"Version", &version}, {"Architecture", &architecture},
      {"Source", &source},   {"Maintainer", &maintainer},
      {"License", &license},
  };
  for (const auto& kept : kKept) {
    if (base::EqualsIgnoreCase(field, kept.name)) *kept.value = value;
  }
}

bool DpkgStanza::Installed() const {
  if (status.empty()) return true;
  // "want flag state"
  const std::string_view text = base::Strip(status);
  const size_t space = text.find_last_of(" \t");
  const std::string_view state =
      space == text.npos ? text : text.substr(space + 1);
  return !base::EqualsIgnoreCase(state, "config-files") &&
         !base::EqualsIgnoreCase(state, "not-installed");
}

model::Package DpkgStanza::ToPackage() const {
  model::Package result;
  result.name = package;
  result.version = version;
  result.architecture = architecture;
  result.vendor = maintainer;
  if (!license.empty()) result.licenses = {license};
  result.source_name = package;
  result.source_version = version;
  if (source.empty()) return result;
  const size_t open = source.find('(');
  result.source_name = base::Strip(std::string_view(source).substr(0, open));
  if (open != source.npos) {
    const size_t close = source.find(')', open);
    result.source_version = base::Strip(
        std::string_view(source).substr(open + 1, close - open - 1));
  }
  return result;
}

}  // namespace landwaiter::agent::extract::os
