#include "analyzer/queue/image_query.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "analyzer/queue/version_range.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::queue {
namespace {

using store::Place;
using store::PlaceView;

constexpr uint32_t kDefaultPage = 100;
constexpr uint32_t kLargestPage = 1000;
// Places that a page looks at to find those that the filters let through.
constexpr size_t kMaxLooks = 20'000;

// OSV's ecosystems, by purl type and the system that they are of.
struct Ecosystem {
  std::string_view name, type, os;
};
constexpr std::array kEcosystems = {
    Ecosystem{"AlmaLinux", "rpm", "almalinux"},
    Ecosystem{"Alpine", "apk", "alpine"},
    Ecosystem{"Amazon Linux", "rpm", "amzn"},
    Ecosystem{"Azure Linux", "rpm", "azurelinux"},
    Ecosystem{"Chainguard", "apk", "chainguard"},
    Ecosystem{"ConanCenter", "conan", ""},
    Ecosystem{"CRAN", "cran", ""},
    Ecosystem{"crates.io", "cargo", ""},
    Ecosystem{"Debian", "deb", "debian"},
    Ecosystem{"Fedora", "rpm", "fedora"},
    Ecosystem{"Go", "golang", ""},
    Ecosystem{"Hackage", "hackage", ""},
    Ecosystem{"Hex", "hex", ""},
    Ecosystem{"Maven", "maven", ""},
    Ecosystem{"npm", "npm", ""},
    Ecosystem{"NuGet", "nuget", ""},
    Ecosystem{"openSUSE", "rpm", "opensuse-leap"},
    Ecosystem{"Oracle Linux", "rpm", "ol"},
    Ecosystem{"Packagist", "composer", ""},
    Ecosystem{"Photon OS", "rpm", "photon"},
    Ecosystem{"Pub", "pub", ""},
    Ecosystem{"PyPI", "pypi", ""},
    Ecosystem{"Red Hat", "rpm", "rhel"},
    Ecosystem{"Rocky Linux", "rpm", "rocky"},
    Ecosystem{"RubyGems", "gem", ""},
    Ecosystem{"SUSE", "rpm", "sles"},
    Ecosystem{"Ubuntu", "deb", "ubuntu"},
    Ecosystem{"Wolfi", "apk", "wolfi"},
};

// What an ecosystem asks of a place.
struct Filter {
  std::string type;  // empty: any
  std::string os;    // empty: any
  std::string release;
  std::string ns;

  bool Lets(const PlaceView& view) const {
    if (!type.empty() && view.type != type) return false;
    if (!ns.empty() && view.ns != ns) return false;
    if (!os.empty() && view.os.id != os) return false;
    return release.empty() || view.os.version_id == release ||
           view.os.version_id.starts_with(release + ".");
  }
};

Filter FilterOf(const ImageQuery& query) {
  Filter filter;
  filter.ns = query.ns;
  std::string_view name = query.ecosystem;
  if (name.empty()) return filter;
  std::string_view release;
  if (const auto parts = base::SplitOnce(name, ':')) {
    name = parts->first;
    release = parts->second;
  }
  for (const Ecosystem& ecosystem : kEcosystems) {
    if (!base::EqualsIgnoreCase(ecosystem.name, name)) continue;
    filter.type = ecosystem.type;
    filter.os = ecosystem.os;
    if (release.starts_with('v')) release.remove_prefix(1);
    filter.release = release;
    return filter;
  }
  filter.type = name;
  return filter;
}

absl::StatusOr<Place> ParseToken(const std::string& token) {
  if (token.empty()) return Place{0, -1};
  if (const auto parts = base::SplitOnce(token, '.')) {
    const auto image = base::ParseInt64(parts->first);
    const auto position = base::ParseInt64(parts->second);
    if (image && position) return Place{*image, *position};
  }
  return absl::InvalidArgumentError("page_token: not one of ours");
}

absl::StatusOr<std::vector<Place>> PackagePlaces(store::MatchTable& matches,
                                                 const ImageQuery& query,
                                                 const VersionRange& range,
                                                 const Filter& filter) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<store::PackageVersion> versions,
                              matches.Versions(query.package));
  std::vector<Place> places;
  for (const store::PackageVersion& version : versions) {
    if (!filter.type.empty() && version.type != filter.type) continue;
    if (!range.Contains(version.version, ComparisonOf(version.type))) continue;
    LANDWAITER_ASSIGN_OR_RETURN(const std::vector<Place> found,
                                matches.PackagePlaces(query.package, version));
    places.insert(places.end(), found.begin(), found.end());
  }
  return places;
}

absl::StatusOr<std::vector<Place>> FindingPlaces(store::MatchTable& matches,
                                                 const std::string& name) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                              matches.FindingIds(name));
  std::vector<Place> places;
  for (const std::string& id : ids) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::vector<Place> found,
                                matches.FindingPlaces(id));
    places.insert(places.end(), found.begin(), found.end());
  }
  return places;
}

uint64_t CountImages(const std::vector<Place>& sorted) {
  uint64_t images = 0;
  store::RowId last = 0;
  for (const Place& place : sorted) {
    images += place.image != last ? 1 : 0;
    last = place.image;
  }
  return images;
}

absl::Status FillPage(store::MatchTable& matches, const ImageQuery& query,
                      const Filter& filter, const std::vector<Place>& places,
                      const Place& after, ImageQueryPage& page) {
  const uint32_t wanted = query.page_size == 0
                              ? kDefaultPage
                              : std::min(query.page_size, kLargestPage);
  size_t looks = 0;
  for (auto next = std::upper_bound(places.begin(), places.end(), after);
       next != places.end(); ++next) {
    absl::StatusOr<PlaceView> view = query.vulnerability.empty()
                                         ? matches.ViewPackage(*next)
                                         : matches.ViewFinding(*next);
    const bool gone = absl::IsNotFound(view.status());
    if (!gone) {
      LANDWAITER_RETURN_IF_ERROR(view.status());
      if (filter.Lets(*view)) page.places.push_back(*std::move(view));
    }
    if (page.places.size() == wanted || ++looks == kMaxLooks) {
      if (next + 1 != places.end()) {
        page.next_page_token = base::StrCat(next->image, ".", next->position);
      }
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ImageQueryPage> QueryImages(store::Store& store,
                                           const ImageQuery& query) {
  if (query.package.empty() == query.vulnerability.empty()) {
    return absl::InvalidArgumentError(
        "either a package or a vulnerability is asked for");
  }
  LANDWAITER_ASSIGN_OR_RETURN(const VersionRange range,
                              VersionRange::Parse(query.range));
  LANDWAITER_ASSIGN_OR_RETURN(const Place after, ParseToken(query.page_token));
  const Filter filter = FilterOf(query);
  ImageQueryPage page;
  LANDWAITER_RETURN_IF_ERROR(
      store.Read([&](store::Transaction& txn) -> absl::Status {
        store::MatchTable& matches = txn.matches();
        LANDWAITER_ASSIGN_OR_RETURN(
            std::vector<Place> places,
            query.vulnerability.empty()
                ? PackagePlaces(matches, query, range, filter)
                : FindingPlaces(matches, query.vulnerability));
        std::ranges::sort(places);
        const auto twice = std::ranges::unique(places);
        places.erase(twice.begin(), twice.end());
        page.images = CountImages(places);
        return FillPage(matches, query, filter, places, after, page);
      }));
  return page;
}

}  // namespace landwaiter::analyzer::queue
