#include "analyzer/advisory/ubuntu/releases.h"

#include <utility>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

std::string_view VersionOf(std::string_view codename) {
  static constexpr std::pair<std::string_view, std::string_view> kReleases[] = {
      {"warty", "4.10"},     {"hoary", "5.04"},     {"breezy", "5.10"},
      {"dapper", "6.06"},    {"edgy", "6.10"},      {"feisty", "7.04"},
      {"gutsy", "7.10"},     {"hardy", "8.04"},     {"intrepid", "8.10"},
      {"jaunty", "9.04"},    {"karmic", "9.10"},    {"lucid", "10.04"},
      {"maverick", "10.10"}, {"natty", "11.04"},    {"oneiric", "11.10"},
      {"precise", "12.04"},  {"quantal", "12.10"},  {"raring", "13.04"},
      {"saucy", "13.10"},    {"trusty", "14.04"},   {"utopic", "14.10"},
      {"vivid", "15.04"},    {"wily", "15.10"},     {"xenial", "16.04"},
      {"yakkety", "16.10"},  {"zesty", "17.04"},    {"artful", "17.10"},
      {"bionic", "18.04"},   {"cosmic", "18.10"},   {"disco", "19.04"},
      {"eoan", "19.10"},     {"focal", "20.04"},    {"groovy", "20.10"},
      {"hirsute", "21.04"},  {"impish", "21.10"},   {"jammy", "22.04"},
      {"kinetic", "22.10"},  {"lunar", "23.04"},    {"mantic", "23.10"},
      {"noble", "24.04"},    {"oracular", "24.10"}, {"plucky", "25.04"},
      {"questing", "25.10"}, {"resolute", "26.04"}};
  for (const auto& [name, version] : kReleases) {
    if (name == codename) return version;
  }
  return "";
}

}  // namespace

std::string UbuntuEcosystem(std::string_view release) {
  const auto parts = base::SplitOnce(release, '/');
  std::string_view codename = release, stream;
  if (parts) {
    static constexpr std::pair<std::string_view, std::string_view> kStreams[] =
        {{"esm-infra", "Pro:"},
         {"esm-apps", "Pro:"},
         {"esm-infra-legacy", "Pro:"},
         {"esm-apps-legacy", "Pro:"},
         {"fips", "Pro:FIPS:"},
         {"fips-updates", "Pro:FIPS-updates:"},
         {"fips-preview", "Pro:FIPS-preview:"},
         {"realtime", "Pro:Realtime:"}};
    for (const auto& [name, prefix] : kStreams) {
      if (name == parts->first) stream = prefix;
    }
    codename = parts->second;
    if (parts->second == "esm") {  // as it was written up to 2022
      stream = "Pro:";
      codename = parts->first;
    }
    if (stream.empty()) return "";
  }
  const std::string_view version = VersionOf(codename);
  return version.empty() ? "" : base::StrCat("Ubuntu:", stream, version);
}

}  // namespace landwaiter::analyzer::advisory
