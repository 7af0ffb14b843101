#include "agent/extract/os/rpm/rpm.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "agent/extract/os/rpm/bdb.h"
#include "agent/extract/os/rpm/header.h"
#include "agent/extract/os/rpm/manifest.h"
#include "agent/extract/os/rpm/ndb.h"
#include "agent/extract/os/rpm/page_file.h"
#include "agent/extract/os/rpm/sqlite.h"
#include "agent/extract/package_list.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

constexpr std::string_view kPaths[] = {
    "var/lib/rpm/Packages",
    "var/lib/rpm/Packages.db",
    "var/lib/rpm/rpmdb.sqlite",
    "var/lib/rpm/rpmdb.sqlite-wal",
    "usr/lib/sysimage/rpm/Packages",
    "usr/lib/sysimage/rpm/Packages.db",
    "usr/lib/sysimage/rpm/rpmdb.sqlite",
    "usr/lib/sysimage/rpm/rpmdb.sqlite-wal",
    "usr/share/rpm/Packages",
    "usr/share/rpm/Packages.db",
    "usr/share/rpm/rpmdb.sqlite",
    "usr/share/rpm/rpmdb.sqlite-wal",
};
constexpr std::string_view kLogEnding = "-wal";
constexpr std::string_view kManifest =
    "var/lib/rpmmanifest/container-manifest-2";

using Reader = absl::Status (*)(File&, Problems&, HeaderSink);

// The reader of the format that the file has; Berkeley DB has its magic
// further behind, and says itself if it is not there.
absl::StatusOr<Reader> ReaderFor(File& file) {
  std::string magic(4, '\0');
  LANDWAITER_ASSIGN_OR_RETURN(const size_t n,
                              file.ReadAt(0, magic.data(), magic.size()));
  magic.resize(n);
  if (magic == "SQLi") return &ReadSqlite;
  if (magic == "RpmP") return &ReadNdb;
  return &ReadBdb;
}

model::FileExtract ExtractLog(const File& file) {
  model::FileExtract extract;
  if (file.size() > 0) {
    extract.problem =
        base::StrCat("the database has a write-ahead log of ", file.size(),
                     " bytes: packages that are only in the log are not seen");
  }
  return extract;
}

}  // namespace

bool Rpm::Wants(std::string_view path) const {
  return path == kManifest || std::find(std::begin(kPaths), std::end(kPaths),
                                        path) != std::end(kPaths);
}

absl::StatusOr<model::FileExtract> Rpm::Extract(std::string_view path,
                                                File& file) const {
  if (path.ends_with(kLogEnding)) return ExtractLog(file);
  if (path == kManifest) return ReadManifest(file);
  LANDWAITER_ASSIGN_OR_RETURN(const Reader reader, ReaderFor(file));
  PackageList list;
  uint64_t headers = 0;
  LANDWAITER_RETURN_IF_ERROR(
      reader(file, list.problems(), [&](std::string_view blob) -> absl::Status {
        const std::string where = base::StrCat("header ", ++headers);
        std::optional<model::Package> package = ParseRpmHeader(blob);
        if (!package.has_value()) {
          list.problems().Add(base::StrCat(where, ": not an rpm header"));
          return absl::OkStatus();
        }
        ForEachRpmFile(blob, [&](std::string_view file_path) {
          list.AddOwned(file_path);
        });
        return list.Add(*std::move(package), where);
      }));
  return std::move(list).Finish();
}

std::vector<std::string_view> Rpm::WellKnownPaths() const {
  std::vector<std::string_view> paths(std::begin(kPaths), std::end(kPaths));
  paths.push_back(kManifest);
  return paths;
}

}  // namespace landwaiter::agent::extract::os
