#include "analyzer/advisory/suse_oval/product.h"

#include <vector>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

bool StartsWithDigit(std::string_view text) {
  return !text.empty() && text[0] >= '0' && text[0] <= '9';
}

// "15 SP5" of "Module for Basesystem 15 SP5", "Server 15 SP5-LTSS" and "Server
// LTSS Extended Security 15 SP5"; "15" of "Server 15-LTSS".
std::string ReleaseOf(std::string_view product) {
  const std::vector<std::string_view> words = base::Split(product, ' ');
  for (size_t i = words.size(); i-- > 0;) {
    const std::string_view word = words[i].substr(0, words[i].find('-'));
    if (StartsWithDigit(word)) return std::string(word);
    const bool pack = word.starts_with("SP") && StartsWithDigit(word.substr(2));
    if (pack && i > 0 && StartsWithDigit(words[i - 1])) {
      return base::StrCat(words[i - 1], " ", word);
    }
  }
  return "";
}

// "5.5" of "5.5-LTS", "15.5" of "15.5 NonFree".
std::string_view FirstVersion(std::string_view text) {
  return text.substr(0, text.find_first_of(" -"));
}

// What comes behind `prefix`, with its version alone; empty if it does not.
std::string Plain(std::string_view product, std::string_view prefix,
                  std::string_view ecosystem) {
  if (!product.starts_with(prefix)) return "";
  const std::string_view version = FirstVersion(product.substr(prefix.size()));
  return StartsWithDigit(version) ? base::StrCat(ecosystem, version) : "";
}

}  // namespace

std::string SuseEcosystem(std::string_view product) {
  constexpr std::string_view kEnterprise = "SUSE Linux Enterprise ";
  for (const auto& [prefix, ecosystem] :
       {std::pair<std::string_view, std::string_view>{
            "SUSE Linux Enterprise Micro ", "SUSE:Linux Enterprise Micro "},
        {"SUSE Linux Micro ", "SUSE:Linux Micro "},
        {"openSUSE Leap ", "openSUSE:Leap "},
        {"openSUSE ", "openSUSE:"}}) {
    if (std::string key = Plain(product, prefix, ecosystem); !key.empty()) {
      return key;
    }
  }
  if (product.starts_with("openSUSE Tumbleweed")) return "openSUSE:Tumbleweed";
  if (!product.starts_with(kEnterprise)) return "";
  if (product.starts_with("SUSE Linux Enterprise Micro")) return "";
  const std::string release = ReleaseOf(product.substr(kEnterprise.size()));
  return release.empty()
             ? ""
             : base::StrCat("SUSE:Linux Enterprise Server ", release);
}

}  // namespace landwaiter::analyzer::advisory
