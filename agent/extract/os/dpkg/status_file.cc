#include "agent/extract/os/dpkg/status_file.h"

#include <string>
#include <utility>

#include "agent/extract/os/dpkg/stanza.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::os {
namespace {

// One pass over a status file.
class Parser {
 public:
  Parser(File& file, std::string_view type, PackageList& packages)
      : reader_(file), type_(type), list_(packages) {}

  absl::Status Parse() {
    while (true) {
      LANDWAITER_ASSIGN_OR_RETURN(const auto line, reader_.Next());
      if (!line.has_value()) return EndStanza();
      if (line->empty()) {
        LANDWAITER_RETURN_IF_ERROR(EndStanza());
      } else {
        TakeLine(*line);
      }
    }
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
    model::Package package = stanza.ToPackage();
    package.type = type_;
    return list_.Add(std::move(package),
                     base::StrCat("the stanza at line ", first_line_));
  }

  text::LineReader reader_;
  const std::string_view type_;
  PackageList& list_;
  DpkgStanza stanza_;
  uint64_t first_line_ = 0;
};

std::string_view PathOf(std::string_view line, FileList form) {
  if (form == FileList::kPaths) return line;
  if (form == FileList::kPathsThenTabs) return line.substr(0, line.find('\t'));
  const auto parts = base::SplitOnce(line, ' ');
  if (!parts.has_value()) return {};
  return parts->second.substr(parts->second.starts_with(' ') ? 1 : 0);
}

}  // namespace

absl::Status ReadStatusFile(File& file, std::string_view type,
                            PackageList& packages) {
  return Parser(file, type, packages).Parse();
}

absl::Status ReadFileList(File& file, FileList form, PackageList& packages) {
  text::LineReader reader(file);
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, reader.Next());
    if (!line.has_value()) return absl::OkStatus();
    packages.AddOwned(PathOf(*line, form));
  }
}

}  // namespace landwaiter::agent::extract::os
