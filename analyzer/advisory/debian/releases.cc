#include "analyzer/advisory/debian/releases.h"

#include <utility>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {

std::string DebianEcosystem(std::string_view codename) {
  static constexpr std::pair<std::string_view, std::string_view> kReleases[] = {
      {"sid", "sid"},   {"duke", "15"},     {"forky", "14"},
      {"trixie", "13"}, {"bookworm", "12"}, {"bullseye", "11"},
      {"buster", "10"}, {"stretch", "9"},   {"jessie", "8"},
      {"wheezy", "7"},  {"squeeze", "6"},   {"lenny", "5"},
      {"etch", "4.0"},  {"sarge", "3.1"},   {"woody", "3.0"},
      {"potato", "2.2"}};
  for (const auto& [name, version] : kReleases) {
    if (name == codename) return base::StrCat("Debian:", version);
  }
  return "";
}

}  // namespace landwaiter::analyzer::advisory
