#include "agent/extract/os/dpkg/dpkg.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "agent/extract/line_reader.h"
#include "agent/extract/os/dpkg/stanza.h"
#include "agent/extract/package_list.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::os {
namespace {

// usr/lib/dpkg is where image-based systems with an empty /var have it.
constexpr std::array<std::string_view, 2> kStatusFiles = {
    "var/lib/dpkg/status", "usr/lib/dpkg/status"};
constexpr std::array<std::string_view, 2> kStatusDirs = {
    "var/lib/dpkg/status.d/", "usr/lib/dpkg/status.d/"};

// What tools put beside a package's stanza in status.d. Names of packages may
// have dots ("python3.11"), so it is these endings that are left out.
constexpr std::string_view kNotStanzas[] = {
    ".md5sums", ".list",   ".preinst",  ".postinst",  ".prerm",   ".postrm",
    ".config",  ".shlibs", ".triggers", ".templates", ".symbols", ".conffiles"};

constexpr std::array<std::string_view, 2> kListDirs = {"var/lib/dpkg/info/",
                                                       "usr/lib/dpkg/info/"};
constexpr std::string_view kListEnding = ".list";
constexpr std::string_view kSumsEnding = ".md5sums";

// Whether the path is a file's in one of the folders, with that ending.
template <typename Folders>
bool IsIn(const Folders& folders, std::string_view path,
          std::string_view ending) {
  return path.ends_with(ending) &&
         std::any_of(folders.begin(), folders.end(),
                     [path](std::string_view folder) {
                       return path.starts_with(folder) &&
                              path.find('/', folder.size()) == path.npos;
                     });
}

bool IsList(std::string_view path) {
  return IsIn(kListDirs, path, kListEnding);
}
bool IsSums(std::string_view path) {
  return IsIn(kStatusDirs, path, kSumsEnding);
}

// A path a line, after a digest and two spaces in the sums.
absl::StatusOr<model::FileExtract> ExtractOwned(File& file, bool sums) {
  LineReader reader(file);
  PackageList list;
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, reader.Next());
    if (!line.has_value()) break;
    std::string_view path = *line;
    if (sums) {
      const auto parts = base::SplitOnce(path, ' ');
      path = parts
                 ? parts->second.substr(parts->second.starts_with(' ') ? 1 : 0)
                 : std::string_view();
    }
    list.AddOwned(path);
  }
  return std::move(list).Finish();
}

// One pass over a status file.
class Parser {
 public:
  explicit Parser(File& file) : reader_(file) {}

  absl::StatusOr<model::FileExtract> Parse() {
    while (true) {
      LANDWAITER_ASSIGN_OR_RETURN(const auto line, reader_.Next());
      if (!line.has_value()) break;
      if (line->empty()) {
        LANDWAITER_RETURN_IF_ERROR(EndStanza());
      } else {
        TakeLine(*line);
      }
    }
    LANDWAITER_RETURN_IF_ERROR(EndStanza());
    return std::move(list_).Finish();
  }

 private:
  void TakeLine(std::string_view line) {
    // Continuations belong to fields that are not kept (Description,
    // Conffiles).
    if (line.front() == ' ' || line.front() == '\t') return;
    if (!stanza_.any) first_line_ = reader_.number();
    const auto field = base::SplitOnce(line, ':');
    if (!field.has_value()) {
      list_.problems().Add(
          base::StrCat("line ", reader_.number(),
                       ": not a field: ", base::Printable(line, 64)));
      return;
    }
    stanza_.Set(base::Strip(field->first), base::Strip(field->second));
  }

  absl::Status EndStanza() {
    const DpkgStanza stanza = std::exchange(stanza_, {});
    if (!stanza.any || !stanza.Installed()) return absl::OkStatus();
    return list_.Add(stanza.ToPackage(),
                     base::StrCat("the stanza at line ", first_line_));
  }

  LineReader reader_;
  PackageList list_;
  DpkgStanza stanza_;
  uint64_t first_line_ = 0;
};

}  // namespace

bool Dpkg::Wants(std::string_view path) const {
  for (std::string_view file : kStatusFiles) {
    if (path == file) return true;
  }
  if (IsList(path) || IsSums(path)) return true;
  for (std::string_view dir : kStatusDirs) {
    if (!path.starts_with(dir)) continue;
    const std::string_view file = path.substr(dir.size());
    if (file.empty() || base::Contains(file, "/")) return false;
    for (std::string_view ending : kNotStanzas) {
      if (file.ends_with(ending)) return false;
    }
    return true;
  }
  return false;
}

absl::StatusOr<model::FileExtract> Dpkg::Extract(std::string_view path,
                                                 File& file) const {
  if (IsList(path) || IsSums(path)) return ExtractOwned(file, IsSums(path));
  return Parser(file).Parse();
}

std::vector<std::string_view> Dpkg::WellKnownPaths() const {
  std::vector<std::string_view> paths(kStatusFiles.begin(), kStatusFiles.end());
  paths.insert(paths.end(), kStatusDirs.begin(), kStatusDirs.end());
  return paths;
}

}  // namespace landwaiter::agent::extract::os
