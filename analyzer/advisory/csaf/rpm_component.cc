#include "analyzer/advisory/csaf/rpm_component.h"

#include "analyzer/advisory/rpm/rpm_record.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kRpm = "pkg:rpm/";
constexpr std::string_view kModule = "pkg:rpmmod/";

int HexOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string PercentDecoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        HexOf(text[i + 1]) >= 0 && HexOf(text[i + 2]) >= 0;
    if (!escape) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(HexOf(text[i + 1]) * 16 + HexOf(text[i + 2]));
    i += 2;
  }
  return decoded;
}

bool IsArchitecture(std::string_view word) {
  for (const std::string_view known :
       {"x86_64", "noarch", "src", "aarch64", "s390x", "ppc64le", "ppc64",
        "ppc", "s390", "i386", "i486", "i586", "i686", "ia64", "x86_64_v2",
        "armv7hl", "riscv64", "nosrc", "athlon"}) {
    if (word == known) return true;
  }
  return false;
}

}  // namespace

std::string ModuleStream(std::string_view label) {
  if (label.starts_with(kModule)) {
    // ".../nodejs@14:8040..."
    label = label.substr(label.rfind('/') + 1);
    label = label.substr(0, label.find('?'));
    const auto parts = base::SplitOnce(label, '@');
    return parts ? ModuleStream(base::StrCat(parts->first, ":",
                                             PercentDecoded(parts->second)))
                 : "";
  }
  const size_t name = label.find(':');
  if (name == label.npos || name == 0 || name + 1 == label.size()) return "";
  return std::string(label.substr(0, label.find(':', name + 1)));
}

std::optional<RpmComponent> ParseRpmPurl(std::string_view purl) {
  if (!purl.starts_with(kRpm)) return std::nullopt;
  purl.remove_prefix(kRpm.size());
  const auto question = base::SplitOnce(purl, '?');
  const std::string_view path = question ? question->first : purl;
  const auto versioned = base::SplitOnce(path, '@');
  std::string_view name = versioned ? versioned->first : path;
  name = name.substr(name.rfind('/') + 1);
  RpmComponent component;
  component.name = PercentDecoded(name);
  std::string epoch, module;
  for (const std::string_view qualifier :
       base::Split(question ? question->second : "", '&')) {
    const auto pair = base::SplitOnce(qualifier, '=');
    if (!pair) continue;
    if (pair->first == "arch") component.architecture = pair->second;
    if (pair->first == "epoch") epoch = pair->second;
    if (pair->first == "rpmmod") module = PercentDecoded(pair->second);
  }
  component.module = ModuleStream(module);
  // A module without a stream is no module of dnf's (flatpaks are so).
  const bool foreign = !module.empty() && component.module.empty();
  if (component.name.empty() || foreign) return std::nullopt;
  const std::string version =
      versioned ? PercentDecoded(versioned->second) : "";
  // "@rhel8" is a stream, and no version of the package.
  if (base::Contains(version, "-")) {
    component.evr = EvrOf(epoch, version, "");
  }
  return component;
}

std::optional<RpmComponent> ParseNevra(std::string_view text) {
  RpmComponent component;
  const size_t dot = text.rfind('.');
  if (dot != text.npos && IsArchitecture(text.substr(dot + 1))) {
    component.architecture = text.substr(dot + 1);
    text = text.substr(0, dot);
  }
  const size_t release = text.rfind('-');
  if (release == text.npos || release == 0) return std::nullopt;
  const size_t version = text.rfind('-', release - 1);
  if (version == text.npos || version == 0) return std::nullopt;
  component.name = text.substr(0, version);
  std::string_view evr = text.substr(version + 1);
  if (evr.starts_with("0:")) evr.remove_prefix(2);
  if (evr.empty() || evr[0] < '0' || evr[0] > '9') return std::nullopt;
  component.evr = evr;
  return component;
}

std::optional<RpmComponent> RpmComponentOf(const CsafProduct& product) {
  const CsafLeaf& leaf = *product.component;
  std::optional<RpmComponent> component;
  if (!leaf.purl.empty()) {
    component = ParseRpmPurl(leaf.purl);
  } else {
    component = ParseNevra(leaf.name);
    if (!component && !leaf.name.empty()) {
      const size_t slash = leaf.name.rfind('/');
      component.emplace();
      component->name =
          slash == leaf.name.npos ? leaf.name : leaf.name.substr(slash + 1);
      if (slash != leaf.name.npos) {
        component->module = ModuleStream(leaf.name.substr(0, slash));
        // "openshift4/ose-cli" is an image.
        if (component->module.empty()) return std::nullopt;
      }
    }
  }
  if (component && component->module.empty() && product.module != nullptr) {
    component->module =
        ModuleStream(product.module->purl.empty() ? product.module->name
                                                  : product.module->purl);
  }
  return component;
}

}  // namespace landwaiter::analyzer::advisory
