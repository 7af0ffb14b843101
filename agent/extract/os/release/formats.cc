#include "agent/extract/os/release/formats.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "agent/extract/os/release/assignments.h"
#include "agent/extract/os/release/names.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

using model::OsRelease;

bool StartsWithDigit(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text[0]));
}

std::string_view FirstLine(std::string_view text) {
  for (std::string_view line : base::Split(text, '\n')) {
    line = base::Strip(line);
    if (!line.empty()) return line;
  }
  return {};
}

// What stands in the first parentheses: "jessie" of "8 (jessie)".
std::string_view InParentheses(std::string_view text) {
  const size_t open = text.find('(');
  if (open == text.npos) return {};
  const size_t close = text.find(')', open);
  return close == text.npos ? std::string_view()
                            : text.substr(open + 1, close - open - 1);
}

// The name of "CentOS release 5.11 (Final)" and the text behind it: up to the
// word "release", else up to the first word that starts with a digit.
std::pair<std::string_view, std::string_view> SplitName(std::string_view line) {
  constexpr std::string_view kRelease = " release ";
  if (const size_t at = line.find(kRelease); at != line.npos) {
    return {line.substr(0, at), line.substr(at + kRelease.size())};
  }
  for (size_t at = 0; (at = line.find(' ', at)) != line.npos;) {
    ++at;
    if (StartsWithDigit(line.substr(at))) {
      return {line.substr(0, at - 1), line.substr(at)};
    }
  }
  return {line, {}};
}

std::string_view FirstWord(std::string_view text) {
  text = base::Strip(text);
  return text.substr(0, text.find_first_of(" \t("));
}

// What a product's line gives; nullopt if it is not one.
std::optional<OsRelease> FromLine(std::string_view line) {
  const auto [name, rest] = SplitName(line);
  const std::string_view version = FirstWord(rest);
  if (!StartsWithDigit(version)) return std::nullopt;
  OsRelease release;
  release.id = KnownId(name);
  if (release.id.empty()) release.id = IdFromWords(name);
  if (release.id.empty()) return std::nullopt;
  release.version_id = CanonicalVersion(release.id, version);
  release.codename = InParentheses(rest);
  release.pretty_name = line;
  return release;
}

}  // namespace

std::optional<OsRelease> ParseOsRelease(std::string_view text) {
  const Assignments values(text);
  OsRelease release;
  release.id = base::ToLower(base::Strip(values["ID"]));
  if (release.id.empty()) release.id = KnownId(values["NAME"]);
  if (release.id.empty()) return std::nullopt;
  release.id_like = base::Strip(values["ID_LIKE"]);
  release.version_id = base::Strip(values["VERSION_ID"]);
  release.codename = base::Strip(values["VERSION_CODENAME"]);
  if (release.codename.empty()) {
    release.codename = InParentheses(values["VERSION"]);
  }
  release.pretty_name = values["PRETTY_NAME"];
  release.cpe_name = values["CPE_NAME"];
  return release;
}

std::optional<OsRelease> ParseLsbRelease(std::string_view text) {
  const Assignments values(text);
  const std::string& name = values["DISTRIB_ID"];
  OsRelease release;
  release.id = KnownId(name);
  if (release.id.empty()) release.id = IdFromWords(name);
  if (release.id.empty()) return std::nullopt;
  release.version_id = CanonicalVersion(release.id, values["DISTRIB_RELEASE"]);
  release.codename = values["DISTRIB_CODENAME"];
  release.pretty_name = values["DISTRIB_DESCRIPTION"];
  return release;
}

std::optional<OsRelease> ParseReleaseLine(std::string_view text) {
  return FromLine(FirstLine(text));
}

std::optional<OsRelease> ParseSuseRelease(std::string_view text) {
  std::optional<OsRelease> release = FromLine(FirstLine(text));
  if (!release.has_value()) return std::nullopt;
  // "SUSE Linux Enterprise Server 11 (x86_64)": not a codename.
  release->codename.clear();
  const Assignments values(text);
  if (!values["VERSION"].empty()) release->version_id = values["VERSION"];
  const std::string& patch_level = values["PATCHLEVEL"];
  if (StartsWithDigit(patch_level) && patch_level != "0") {
    base::StrAppend(&release->version_id, ".", patch_level);
  }
  return release;
}

std::optional<OsRelease> ParseAlpineRelease(std::string_view text) {
  const std::string_view version = FirstLine(text);
  if (!StartsWithDigit(version)) return std::nullopt;
  OsRelease release;
  release.id = "alpine";
  release.version_id = version;
  release.pretty_name = base::StrCat("Alpine Linux ", version);
  return release;
}

std::optional<OsRelease> ParseDebianVersion(std::string_view text) {
  const std::string_view line = FirstLine(text);
  if (line.empty()) return std::nullopt;
  OsRelease release;
  release.id = "debian";
  release.pretty_name = base::StrCat("Debian GNU/Linux ", line);
  if (StartsWithDigit(line)) {
    release.version_id = line.substr(0, line.find('.'));
  } else {
    release.codename = line.substr(0, line.find('/'));
  }
  return release;
}

std::optional<OsRelease> ParseSystemReleaseCpe(std::string_view text) {
  const std::string_view line = FirstLine(text);
  std::string_view fields = line;
  for (std::string_view prefix : {"cpe:/o:", "cpe:2.3:o:"}) {
    if (fields.starts_with(prefix)) fields.remove_prefix(prefix.size());
  }
  // vendor:product:version
  const auto parts = base::Split(fields, ':');
  if (fields.size() == line.size() || parts.size() < 3 ||
      !StartsWithDigit(parts[2])) {
    return std::nullopt;
  }
  constexpr std::pair<std::string_view, std::string_view> kVendors[] = {
      {"redhat", "rhel"},
      {"centos", "centos"},
      {"oracle", "ol"},
      {"amazon", "amzn"},
      {"fedoraproject", "fedora"},
      {"rocky", "rocky"},
      {"almalinux", "almalinux"},
      {"scientificlinux", "scientific"},
  };
  const auto* vendor =
      std::find_if(std::begin(kVendors), std::end(kVendors),
                   [&](const auto& known) { return known.first == parts[0]; });
  if (vendor == std::end(kVendors)) return std::nullopt;
  OsRelease release;
  release.id = vendor->second;
  release.version_id = CanonicalVersion(release.id, parts[2]);
  release.cpe_name = line;
  return release;
}

}  // namespace landwaiter::agent::extract::os
