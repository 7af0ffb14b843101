#include "analyzer/detect/end_of_life.h"

#include <algorithm>
#include <iterator>

namespace landwaiter::analyzer::detect {
namespace {

struct Release {
  std::string_view ecosystem, day;
};

// debian.org/releases and wiki.debian.org/LTS, ubuntu.com/about/release-cycle,
// alpinelinux.org/releases, access.redhat.com/support/policy/updates/errata,
// almalinux.org, rockylinux.org, oracle.com (premier support), and what
// aws.amazon.com, suse.com/lifecycle (general support), en.opensuse.org,
// fedoraproject.org, Photon's wiki and Microsoft's life cycle pages say.
constexpr Release kReleases[] = {
    {"Debian:6", "2016-02-29"},
    {"Debian:7", "2018-05-31"},
    {"Debian:8", "2020-06-30"},
    {"Debian:9", "2022-06-30"},
    {"Debian:10", "2024-06-30"},
    {"Debian:11", "2026-08-31"},
    {"Debian:12", "2028-06-30"},
    {"Debian:13", "2030-06-30"},
    {"Ubuntu:12.04:LTS", "2017-04-28"},
    {"Ubuntu:14.04:LTS", "2019-04-25"},
    {"Ubuntu:16.04:LTS", "2021-04-30"},
    {"Ubuntu:18.04:LTS", "2023-05-31"},
    {"Ubuntu:20.04:LTS", "2025-05-31"},
    {"Ubuntu:22.04:LTS", "2027-04-30"},
    {"Ubuntu:24.04:LTS", "2029-05-31"},
    {"Ubuntu:19.04", "2020-01-23"},
    {"Ubuntu:19.10", "2020-07-17"},
    {"Ubuntu:20.10", "2021-07-22"},
    {"Ubuntu:21.04", "2022-01-20"},
    {"Ubuntu:21.10", "2022-07-14"},
    {"Ubuntu:22.10", "2023-07-20"},
    {"Ubuntu:23.04", "2024-01-25"},
    {"Ubuntu:23.10", "2024-07-11"},
    {"Ubuntu:24.10", "2025-07-10"},
    {"Alpine:v3.3", "2017-11-01"},
    {"Alpine:v3.4", "2018-05-01"},
    {"Alpine:v3.5", "2018-11-01"},
    {"Alpine:v3.6", "2019-05-01"},
    {"Alpine:v3.7", "2019-11-01"},
    {"Alpine:v3.8", "2020-05-01"},
    {"Alpine:v3.9", "2020-11-01"},
    {"Alpine:v3.10", "2021-05-01"},
    {"Alpine:v3.11", "2021-11-01"},
    {"Alpine:v3.12", "2022-05-01"},
    {"Alpine:v3.13", "2022-11-01"},
    {"Alpine:v3.14", "2023-05-01"},
    {"Alpine:v3.15", "2023-11-01"},
    {"Alpine:v3.16", "2024-05-23"},
    {"Alpine:v3.17", "2024-11-22"},
    {"Alpine:v3.18", "2025-05-09"},
    {"Alpine:v3.19", "2025-11-01"},
    {"Alpine:v3.20", "2026-04-01"},
    {"Alpine:v3.21", "2026-11-01"},
    {"Alpine:v3.22", "2027-05-01"},
    {"Red Hat:5", "2017-03-31"},
    {"Red Hat:6", "2020-11-30"},
    {"Red Hat:7", "2024-06-30"},
    {"Red Hat:8", "2029-05-31"},
    {"Red Hat:9", "2032-05-31"},
    {"AlmaLinux:8", "2029-03-01"},
    {"AlmaLinux:9", "2032-05-31"},
    {"Rocky Linux:8", "2029-05-31"},
    {"Rocky Linux:9", "2032-05-31"},
    {"Oracle Linux:5", "2017-06-30"},
    {"Oracle Linux:6", "2021-03-31"},
    {"Oracle Linux:7", "2024-12-31"},
    {"Oracle Linux:8", "2029-07-31"},
    {"Oracle Linux:9", "2032-06-30"},
    {"Amazon Linux:1", "2023-12-31"},
    {"Amazon Linux:2", "2026-06-30"},
    {"Fedora:35", "2022-12-13"},
    {"Fedora:36", "2023-05-16"},
    {"Fedora:37", "2023-12-05"},
    {"Fedora:38", "2024-05-21"},
    {"Fedora:39", "2024-11-26"},
    {"Fedora:40", "2025-05-13"},
    {"openSUSE:Leap 42.3", "2019-07-01"},
    {"openSUSE:Leap 15.0", "2019-12-03"},
    {"openSUSE:Leap 15.1", "2021-02-02"},
    {"openSUSE:Leap 15.2", "2022-01-04"},
    {"openSUSE:Leap 15.3", "2022-12-31"},
    {"openSUSE:Leap 15.4", "2023-12-07"},
    {"openSUSE:Leap 15.5", "2024-12-31"},
    {"SUSE:Linux Enterprise Server 12 SP4", "2020-06-30"},
    {"SUSE:Linux Enterprise Server 12 SP5", "2024-10-31"},
    {"SUSE:Linux Enterprise Server 15", "2019-12-31"},
    {"SUSE:Linux Enterprise Server 15 SP1", "2021-01-31"},
    {"SUSE:Linux Enterprise Server 15 SP2", "2021-12-31"},
    {"SUSE:Linux Enterprise Server 15 SP3", "2022-12-31"},
    {"SUSE:Linux Enterprise Server 15 SP4", "2023-12-31"},
    {"SUSE:Linux Enterprise Server 15 SP5", "2024-12-31"},
    {"Photon OS:1.0", "2022-02-28"},
    {"Photon OS:2.0", "2022-12-31"},
    {"Photon OS:3.0", "2024-03-01"},
    {"Azure Linux:1", "2023-07-31"},
    {"Azure Linux:2", "2025-07-31"}};

}  // namespace

std::string_view EndOfLife(std::string_view ecosystem) {
  const auto* release = std::find_if(
      std::begin(kReleases), std::end(kReleases),
      [&](const Release& known) { return known.ecosystem == ecosystem; });
  return release == std::end(kReleases) ? std::string_view() : release->day;
}

}  // namespace landwaiter::analyzer::detect
