#ifndef LANDWAITER_AGENT_EXTRACT_OS_RELEASE_FORMATS_H_
#define LANDWAITER_AGENT_EXTRACT_OS_RELEASE_FORMATS_H_

#include <optional>
#include <string_view>

#include "core/model/package.h"

// The formats of release files, a function each. All are pure, take any
// bytes, and give nullopt if the text names no system.
namespace landwaiter::agent::extract::os {

// os-release(5): assignments in the shell's syntax. ID decides; without one a
// well-known NAME does. The codename is VERSION_CODENAME, else what VERSION
// has in parentheses ("8 (jessie)", openEuler's "22.03 (LTS-SP1)").
std::optional<model::OsRelease> ParseOsRelease(std::string_view text);

// /etc/lsb-release: DISTRIB_ID, DISTRIB_RELEASE, DISTRIB_CODENAME.
std::optional<model::OsRelease> ParseLsbRelease(std::string_view text);

// "CentOS release 5.11 (Final)" and its kin; also "VMware Photon OS 3.0". A
// name that is not known gives an id made of its words ("cloudlinux",
// "red-hat-linux").
std::optional<model::OsRelease> ParseReleaseLine(std::string_view text);

// /etc/SuSE-release: a line of that kind, then VERSION and PATCHLEVEL.
std::optional<model::OsRelease> ParseSuseRelease(std::string_view text);

// /etc/alpine-release: "3.18.4".
std::optional<model::OsRelease> ParseAlpineRelease(std::string_view text);

// /etc/debian_version: "9.13" is version 9; "bookworm/sid" has a codename
// only.
std::optional<model::OsRelease> ParseDebianVersion(std::string_view text);

// /etc/system-release-cpe: "cpe:/o:centos:linux:6:GA".
std::optional<model::OsRelease> ParseSystemReleaseCpe(std::string_view text);

}  // namespace landwaiter::agent::extract::os

#endif  // LANDWAITER_AGENT_EXTRACT_OS_RELEASE_FORMATS_H_
