#include "agent/extract/os/release/release.h"

#include <algorithm>
#include <string>

#include "agent/extract/os/release/formats.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

using Parser = std::optional<model::OsRelease> (*)(std::string_view);

struct Source {
  std::string_view path;
  Parser parse;
  // Whether a file without a system in it is a problem.
  bool must_tell;
};

// In order of precedence (release.h).
constexpr Source kSources[] = {
    {"etc/os-release", ParseOsRelease, true},
    {"usr/lib/os-release", ParseOsRelease, true},
    {"etc/lsb-release", ParseLsbRelease, false},
    {"etc/alpine-release", ParseAlpineRelease, true},
    {"etc/oracle-release", ParseReleaseLine, true},
    {"etc/enterprise-release", ParseReleaseLine, true},
    {"etc/rocky-release", ParseReleaseLine, true},
    {"etc/almalinux-release", ParseReleaseLine, true},
    {"etc/centos-release", ParseReleaseLine, true},
    {"etc/fedora-release", ParseReleaseLine, true},
    {"etc/photon-release", ParseReleaseLine, true},
    {"etc/mariner-release", ParseReleaseLine, true},
    {"etc/azurelinux-release", ParseReleaseLine, true},
    {"etc/system-release", ParseReleaseLine, true},
    {"etc/redhat-release", ParseReleaseLine, true},
    {"etc/SuSE-release", ParseSuseRelease, true},
    {"etc/system-release-cpe", ParseSystemReleaseCpe, false},
    {"etc/debian_version", ParseDebianVersion, true},
};

// Real ones have a few hundred bytes.
constexpr uint64_t kMaxSize = uint64_t{64} * 1024;
constexpr size_t kMaxField = 1024;

const Source* SourceOf(std::string_view path) {
  const auto* source =
      std::find_if(std::begin(kSources), std::end(kSources),
                   [&](const Source& s) { return s.path == path; });
  return source == std::end(kSources) ? nullptr : source;
}

void Clean(model::OsRelease& release) {
  for (std::string* text :
       {&release.id, &release.id_like, &release.version_id, &release.codename,
        &release.pretty_name, &release.cpe_name}) {
    text->resize(std::min(text->size(), kMaxField));
    *text = base::ToValidUtf8(*text);
  }
}

}  // namespace

bool Release::Wants(std::string_view path) const {
  return SourceOf(path) != nullptr;
}

absl::StatusOr<model::FileExtract> Release::Extract(std::string_view path,
                                                    File& file) const {
  const Source* source = SourceOf(path);
  if (source == nullptr) {
    return base::Failure(base::FailureCode::kInternal,
                         "os/release was given a file that it does not want");
  }
  model::FileExtract extract;
  if (file.size() > kMaxSize) {
    extract.problem = base::StrCat("a release file of ", file.size(),
                                   " bytes is not one (limit ", kMaxSize, ")");
    return extract;
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::string text, file.ReadAll(kMaxSize));
  extract.os_release = source->parse(text);
  if (extract.os_release.has_value()) {
    Clean(*extract.os_release);
  } else if (source->must_tell) {
    extract.problem = "the file names no system";
  }
  return extract;
}

std::vector<std::string_view> Release::WellKnownPaths() const {
  return Paths();
}

std::vector<std::string_view> Release::Paths() {
  std::vector<std::string_view> paths;
  for (const Source& source : kSources) paths.push_back(source.path);
  return paths;
}

}  // namespace landwaiter::agent::extract::os
