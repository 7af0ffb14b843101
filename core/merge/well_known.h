#ifndef LANDWAITER_CORE_MERGE_WELL_KNOWN_H_
#define LANDWAITER_CORE_MERGE_WELL_KNOWN_H_

#include <array>
#include <string_view>

// The files that a merge has to know by name. agent/extract reads them; its
// catalog's test checks that both agree.
namespace landwaiter::merge {

// What tells the system, in order of precedence: lower ones are about what the
// system derives from (Ubuntu's debian_version names Debian's release, Oracle
// Linux has a redhat-release that says Red Hat).
inline constexpr std::array<std::string_view, 18> kReleasePaths = {
    "etc/os-release",         "usr/lib/os-release",
    "etc/lsb-release",        "etc/alpine-release",
    "etc/oracle-release",     "etc/enterprise-release",
    "etc/rocky-release",      "etc/almalinux-release",
    "etc/centos-release",     "etc/fedora-release",
    "etc/photon-release",     "etc/mariner-release",
    "etc/azurelinux-release", "etc/system-release",
    "etc/redhat-release",     "etc/SuSE-release",
    "etc/system-release-cpe", "etc/debian_version"};

// Package databases. A link in place of one that leads to none of them hides
// an inventory, which has to be said.
inline constexpr std::array<std::string_view, 20> kDatabasePaths = {
    "lib/apk/db/installed",
    "usr/lib/apk/db/installed",
    "usr/lib/sysimage/rpm/Packages",
    "usr/lib/sysimage/rpm/Packages.db",
    "usr/lib/sysimage/rpm/rpmdb.sqlite",
    "usr/share/rpm/Packages",
    "usr/share/rpm/Packages.db",
    "usr/share/rpm/rpmdb.sqlite",
    "var/lib/dpkg/status",
    "var/lib/dpkg/status.d",
    "var/lib/rpm/Packages",
    "var/lib/rpm/Packages.db",
    "var/lib/rpm/rpmdb.sqlite",
    "usr/lib/dpkg/status",
    "usr/lib/dpkg/status.d",
    "usr/lib/opkg/status",
    "var/lib/opkg/status",
    "var/lib/pacman/local",
    "var/db/pkg",
    "var/lib/rpmmanifest/container-manifest-2"};

}  // namespace landwaiter::merge

#endif  // LANDWAITER_CORE_MERGE_WELL_KNOWN_H_
