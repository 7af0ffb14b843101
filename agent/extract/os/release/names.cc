#include "agent/extract/os/release/names.h"

#include <cctype>

#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

struct Name {
  std::string_view prefix;  // lower case
  std::string_view id;
};

// The first prefix that fits counts.
constexpr Name kNames[] = {
    {"red hat enterprise linux coreos", "rhcos"},
    {"red hat enterprise linux", "rhel"},
    {"centos", "centos"},
    {"almalinux", "almalinux"},
    {"rocky linux", "rocky"},
    {"oracle linux", "ol"},
    // Oracle's system before it got that name.
    {"enterprise linux enterprise linux", "ol"},
    {"scientific linux", "scientific"},
    {"fedora", "fedora"},
    {"amazon linux", "amzn"},
    {"vmware photon", "photon"},
    {"photon os", "photon"},
    {"cbl-mariner", "mariner"},
    {"common base linux mariner", "mariner"},
    {"microsoft azure linux", "azurelinux"},
    {"suse linux enterprise desktop", "sled"},
    {"suse linux enterprise micro", "sle-micro"},
    {"suse linux enterprise", "sles"},
    {"sles", "sles"},
    {"opensuse leap", "opensuse-leap"},
    {"opensuse tumbleweed", "opensuse-tumbleweed"},
    {"opensuse", "opensuse"},
    {"suse linux", "opensuse"},  // 10.x, before the project had its name
    {"debian", "debian"},
    {"ubuntu", "ubuntu"},
    {"alpine", "alpine"},
    {"wolfi", "wolfi"},
    {"chainguard", "chainguard"},
    {"arch linux", "arch"},
    {"anolis os", "anolis"},
    {"openeuler", "openeuler"},
    {"alibaba cloud linux", "alinux"},
    {"miracle linux", "miraclelinux"},
};

// `version` up to its `n`th dot.
std::string_view Components(std::string_view version, int n) {
  size_t end = version.npos;
  for (; n > 0; --n) {
    end = version.find('.', end == version.npos ? 0 : end + 1);
    if (end == version.npos) break;
  }
  return version.substr(0, end);
}

}  // namespace

std::string_view KnownId(std::string_view name) {
  const std::string lower = base::ToLower(base::Strip(name));
  for (const Name& known : kNames) {
    if (lower.starts_with(known.prefix)) return known.id;
  }
  return {};
}

std::string IdFromWords(std::string_view name) {
  std::string id;
  for (const char c : base::ToLower(base::Strip(name))) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_') {
      id += c;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  if (id.ends_with('-')) id.pop_back();
  return id;
}

std::string_view CanonicalVersion(std::string_view id,
                                  std::string_view version) {
  // 2018.03 is a version of the first Amazon Linux.
  if (id == "amzn" && version.starts_with("202")) {
    return Components(version, 1);
  }
  if (id == "mariner" || id == "azurelinux") return Components(version, 2);
  return version;
}

}  // namespace landwaiter::agent::extract::os
