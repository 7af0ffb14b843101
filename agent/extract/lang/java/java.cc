#include "agent/extract/lang/java/java.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "agent/extract/archive/zip.h"
#include "agent/extract/lang/java/identity.h"
#include "agent/extract/lang/java/jar_name.h"
#include "agent/extract/lang/java/manifest.h"
#include "agent/extract/package_list.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::lang {
namespace {

using archive::Budget;
using archive::Zip;
using archive::ZipEntry;

constexpr int kMaxDepth = 5;
// Of one archive: members that tell something, and bytes of their names.
constexpr size_t kMaxMembers = 10'000;
constexpr size_t kMaxNames = size_t{1} << 20;
// Of all archives in a file: bytes of what their pom files say, before it is
// known which is the archive's own.
constexpr size_t kMaxMetadata = size_t{4} << 20;
constexpr PackageList::Limits kLimits{.packages = 100'000,
                                      .bytes = uint64_t{16} << 20};
constexpr uint64_t kMaxProperties = 64u << 10;
constexpr uint64_t kMaxManifest = 1u << 20;
// Nested archives up to this size are held in memory, all that are open at a
// time together; larger ones are inflated anew for each pass.
constexpr uint64_t kMaxInMemory = 8u << 20;

constexpr std::string_view kManifest = "META-INF/MANIFEST.MF";

bool IsNamed(std::string_view path, std::string_view name) {
  return path.ends_with(name) && (path.size() == name.size() ||
                                  path[path.size() - name.size() - 1] == '/');
}

// What an archive says of itself and of what was packed into it.
struct Metadata {
  Manifest manifest;
  std::vector<Coordinate> properties;  // of pom.properties
  std::vector<Coordinate> poms;        // of paths of pom.xml; no versions
};

class ArchiveReader {
 public:
  explicit ArchiveReader(uint64_t size) : budget_(Budget::ForFileOf(size)) {}

  // Reads the archive in `file`. `path` is its name, `prefix` what is put
  // before its members' paths.
  absl::Status Read(File& file, std::string_view path,
                    const std::string& prefix, int depth);

  PackageList& list() { return list_; }

 private:
  absl::StatusOr<std::vector<ZipEntry>> TellingEntries(Zip& zip);
  absl::Status ReadEntry(Zip& zip, const ZipEntry& entry,
                         const std::string& prefix, int depth,
                         Metadata& metadata);
  absl::Status ReadNested(Zip& zip, const ZipEntry& entry,
                          const std::string& prefix, int depth);
  absl::Status AddPackages(const JarName& name, const std::string& prefix,
                           const Metadata& metadata);
  absl::Status Add(const Coordinate& coordinate, const std::string& prefix,
                   std::vector<std::string> licenses);

  void Keep(Coordinate coordinate, std::vector<Coordinate>& coordinates);

  PackageList list_{kLimits};
  Budget budget_;
  uint64_t in_memory_ = 0;
  size_t metadata_ = 0;  // bytes kept so far
};

bool Tells(const ZipEntry& entry) {
  return base::EqualsIgnoreCase(entry.name, kManifest) ||
         IsNamed(entry.name, "pom.properties") ||
         IsNamed(entry.name, "pom.xml") || IsJavaArchive(entry.name);
}

absl::Status ArchiveReader::Read(File& file, std::string_view path,
                                 const std::string& prefix, int depth) {
  if (file.size() == 0) return absl::OkStatus();
  Problems problems;
  LANDWAITER_ASSIGN_OR_RETURN(std::optional<Zip> zip,
                              Zip::Open(file, problems));
  // Perl's archives, and files of parities, are called .par too.
  if (!zip.has_value() && problems.empty() && !path.ends_with(".par")) {
    problems.Add("it is not a zip archive");
  }
  Metadata metadata;
  if (zip.has_value()) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::vector<ZipEntry> entries,
                                TellingEntries(*zip));
    for (const ZipEntry& entry : entries) {
      LANDWAITER_RETURN_IF_ERROR(
          ReadEntry(*zip, entry, prefix, depth, metadata));
    }
  }
  if (!problems.empty()) {
    list_.problems().Add(
        base::StrCat(base::Printable(prefix, 100), problems.Text()));
  }
  return AddPackages(ParseJarName(path), prefix, metadata);
}

// In the order in which they lie in the file: a deflated archive is read
// forward only.
absl::StatusOr<std::vector<ZipEntry>> ArchiveReader::TellingEntries(Zip& zip) {
  std::vector<ZipEntry> entries;
  size_t names = 0;
  bool full = false;
  LANDWAITER_RETURN_IF_ERROR(zip.ForEach([&](ZipEntry entry) {
    if (!Tells(entry)) return absl::OkStatus();
    names += entry.name.size();
    if (entries.size() < kMaxMembers && names <= kMaxNames) {
      entries.push_back(std::move(entry));
    } else if (!std::exchange(full, true)) {
      list_.problems().Add(base::StrCat("an archive with more than ",
                                        kMaxMembers, " members to read, or ",
                                        kMaxNames, " bytes of their names"));
    }
    return absl::OkStatus();
  }));
  std::sort(entries.begin(), entries.end(),
            [](const ZipEntry& a, const ZipEntry& b) {
              return std::tie(a.header, a.name) < std::tie(b.header, b.name);
            });
  return entries;
}

absl::Status ArchiveReader::ReadEntry(Zip& zip, const ZipEntry& entry,
                                      const std::string& prefix, int depth,
                                      Metadata& metadata) {
  if (IsJavaArchive(entry.name)) return ReadNested(zip, entry, prefix, depth);
  if (IsNamed(entry.name, "pom.xml")) {
    if (auto coordinate = CoordinateOfPath(entry.name)) {
      Keep(*std::move(coordinate), metadata.poms);
    }
    return absl::OkStatus();
  }
  const bool properties = IsNamed(entry.name, "pom.properties");
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::optional<std::string> text,
      zip.ReadMember(entry, properties ? kMaxProperties : kMaxManifest,
                     budget_));
  if (!text.has_value()) return absl::OkStatus();
  if (!properties) {
    metadata.manifest = Manifest(*text);
    return absl::OkStatus();
  }
  Coordinate coordinate = ParsePomProperties(*text);
  if (const auto by_path = CoordinateOfPath(entry.name)) {
    if (coordinate.group.empty()) coordinate.group = by_path->group;
    if (coordinate.artifact.empty()) coordinate.artifact = by_path->artifact;
  }
  coordinate.member = entry.name;
  Keep(std::move(coordinate), metadata.properties);
  return absl::OkStatus();
}

void ArchiveReader::Keep(Coordinate coordinate,
                         std::vector<Coordinate>& coordinates) {
  metadata_ += coordinate.group.size() + coordinate.artifact.size() +
               coordinate.version.size() + coordinate.member.size();
  if (metadata_ <= kMaxMetadata) {
    coordinates.push_back(std::move(coordinate));
    return;
  }
  list_.problems().Add(
      base::StrCat("pom files say more than ", kMaxMetadata, " bytes"));
}

absl::Status ArchiveReader::ReadNested(Zip& zip, const ZipEntry& entry,
                                       const std::string& prefix, int depth) {
  if (depth >= kMaxDepth) {
    list_.problems().Add(
        base::StrCat("archives are nested deeper than ", kMaxDepth));
    return absl::OkStatus();
  }
  const std::string inner = base::StrCat(prefix, entry.name, "!/");
  const bool compressed = entry.compressed_size != entry.size;
  if (!compressed || entry.size > kMaxInMemory - in_memory_) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::unique_ptr<archive::Member> member,
                                zip.OpenMember(entry, budget_));
    if (member == nullptr) return absl::OkStatus();
    LANDWAITER_RETURN_IF_ERROR(Read(*member, entry.name, inner, depth + 1));
    if (!member->damage().empty()) {
      list_.problems().Add(
          base::StrCat(base::Printable(inner, 100), member->damage()));
    }
    return absl::OkStatus();
  }
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                              zip.ReadMember(entry, kMaxInMemory, budget_));
  if (!bytes.has_value()) return absl::OkStatus();
  in_memory_ += bytes->size();
  MemoryFile file(*bytes);
  absl::Status status = Read(file, entry.name, inner, depth + 1);
  in_memory_ -= bytes->size();
  return status;
}

// The poms that may be the archive's: not of what a pom.properties tells.
std::vector<Coordinate> UntoldPoms(const Metadata& metadata) {
  std::set<std::string> told;
  for (const Coordinate& coordinate : metadata.properties) {
    if (!coordinate.version.empty()) told.insert(coordinate.Name());
  }
  std::vector<Coordinate> untold;
  for (const Coordinate& pom : metadata.poms) {
    if (!told.contains(pom.Name())) untold.push_back(pom);
  }
  return untold;
}

// Whether the only pom.properties of an archive, which is not called as it
// says, is about something that was packed into it: then the archive has a
// version of its own.
bool TellsAnotherVersion(const Coordinate& coordinate, const JarName& name,
                         const Metadata& metadata) {
  if (coordinate.version.empty()) return false;
  const auto own = OwnCoordinate(name, metadata.manifest, {});
  if (!own.has_value()) return false;
  // "1.3-spec", as a file's name has it, is 1.3.
  return !own->version.starts_with(coordinate.version) &&
         !coordinate.version.starts_with(own->version);
}

absl::Status ArchiveReader::AddPackages(const JarName& name,
                                        const std::string& prefix,
                                        const Metadata& metadata) {
  std::vector<std::string> licenses = LicensesOf(metadata.manifest);
  bool own_is_known = false;
  for (Coordinate coordinate : metadata.properties) {
    const bool own = IsOwn(coordinate, name) ||
                     (metadata.properties.size() == 1 &&
                      !TellsAnotherVersion(coordinate, name, metadata));
    // A build may leave its version out, or a variable in its place.
    if (own && coordinate.version.empty()) {
      if (const auto told = OwnCoordinate(name, metadata.manifest, {})) {
        coordinate.version = told->version;
      }
    }
    if (coordinate.artifact.empty() || coordinate.version.empty()) continue;
    own_is_known = own_is_known || own;
    LANDWAITER_RETURN_IF_ERROR(
        Add(coordinate, prefix, own ? licenses : std::vector<std::string>()));
  }
  if (own_is_known) return absl::OkStatus();
  const std::optional<Coordinate> own =
      OwnCoordinate(name, metadata.manifest, UntoldPoms(metadata));
  if (!own.has_value()) return absl::OkStatus();
  return Add(*own, prefix, std::move(licenses));
}

absl::Status ArchiveReader::Add(const Coordinate& coordinate,
                                const std::string& prefix,
                                std::vector<std::string> licenses) {
  model::Package package{.type = "maven",
                         .name = coordinate.Name(),
                         .version = coordinate.version,
                         .licenses = std::move(licenses)};
  package.location = base::StrCat(prefix, coordinate.member);
  if (coordinate.member.empty() && !prefix.empty()) {
    package.location.resize(prefix.size() - 2);  // without "!/"
  }
  const std::string where = base::Printable(package.location);
  return list_.Add(std::move(package), where);
}

}  // namespace

bool Java::Wants(std::string_view path) const { return IsJavaArchive(path); }

absl::StatusOr<model::FileExtract> Java::Extract(std::string_view path,
                                                 File& file) const {
  ArchiveReader reader(file.size());
  LANDWAITER_RETURN_IF_ERROR(reader.Read(file, path, "", 1));
  return std::move(reader.list()).Finish();
}

}  // namespace landwaiter::agent::extract::lang
