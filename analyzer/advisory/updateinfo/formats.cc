#include "analyzer/advisory/updateinfo/stream.h"
#include "analyzer/advisory/updateinfo/updateinfo.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// The number behind `word` in the text: "8" for "Rocky Linux 8 BaseOS" and
// "Rocky Linux ".
std::string_view NumberAfter(std::string_view text, std::string_view word) {
  const size_t at = text.find(word);
  if (at == text.npos) return {};
  text.remove_prefix(at + word.size());
  return text.substr(0, text.find_first_not_of("0123456789"));
}

std::string Keyed(std::string_view ecosystem, std::string_view release) {
  return release.empty() ? "" : base::StrCat(ecosystem, ":", release);
}

// A rebuild's erratum names its release, or the packages have it as a tag.
std::string EnterpriseLinux(std::string_view ecosystem, const Erratum& erratum,
                            std::string_view collection,
                            std::string_view package_release) {
  const std::string words = base::StrCat(ecosystem, " ");
  for (const std::string_view text :
       {std::string_view(erratum.release), collection}) {
    const std::string_view number = NumberAfter(text, words);
    if (!number.empty()) return Keyed(ecosystem, number);
  }
  return Keyed(ecosystem, EnterpriseLinuxTag(package_release));
}

}  // namespace

const FeedFormat& AmazonAlas() {
  static const Updateinfo format(
      "amazon-alas",
      "Amazon Linux security advisories: updateinfo.xml of the repositories "
      "that cdn.amazonlinux.com lists (1, 2 with its extras, 2022, 2023)",
      [](const Erratum& erratum, std::string_view, std::string_view) {
        return Keyed("Amazon Linux", AmazonRelease(erratum.id));
      });
  return format;
}

const FeedFormat& FedoraUpdateinfo() {
  static const Updateinfo format(
      "fedora-updateinfo",
      "Fedora's errata: updateinfo.xml of the updates repositories",
      [](const Erratum& erratum, std::string_view collection,
         std::string_view) {
        const std::string_view number = NumberAfter(erratum.release, "Fedora ");
        return Keyed("Fedora", number.empty()
                                   ? NumberAfter(collection, "Fedora ")
                                   : number);
      });
  return format;
}

const FeedFormat& RockyUpdateinfo() {
  static const Updateinfo format(
      "rocky-updateinfo",
      "Rocky Linux's errata: updateinfo.xml of each repository",
      [](const Erratum& erratum, std::string_view collection,
         std::string_view release) {
        return EnterpriseLinux("Rocky Linux", erratum, collection, release);
      });
  return format;
}

const FeedFormat& AlmaUpdateinfo() {
  static const Updateinfo format(
      "alma-updateinfo",
      "AlmaLinux's errata: updateinfo.xml of each repository",
      [](const Erratum& erratum, std::string_view collection,
         std::string_view release) {
        return EnterpriseLinux("AlmaLinux", erratum, collection, release);
      });
  return format;
}

}  // namespace landwaiter::analyzer::advisory
