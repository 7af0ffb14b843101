#include "agent/extract/os/apk/apk.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "agent/extract/package_list.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::os {
namespace {

constexpr std::array<std::string_view, 2> kPaths = {"lib/apk/db/installed",
                                                    "usr/lib/apk/db/installed"};

// One pass over the database.
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
    if (line.size() < 2 || line[1] != ':') {
      list_.problems().Add(
          base::StrCat("line ", reader_.number(),
                       ": not a field: ", base::Printable(line, 64)));
      return;
    }
    if (!package_.has_value()) {
      package_.emplace();
      first_line_ = reader_.number();
    }
    Set(line[0], line.substr(2));
  }

  void Set(char field, std::string_view value) {
    switch (field) {
      case 'P':
        package_->name = value;
        break;
      case 'V':
        package_->version = value;
        break;
      case 'A':
        package_->architecture = value;
        break;
      case 'o':
        package_->source_name = value;
        break;
      case 'm':
        package_->vendor = value;
        break;
      case 'F':
        folder_ = value;
        break;
      case 'R':
        list_.AddOwned(folder_.empty() ? std::string(value)
                                       : base::StrCat(folder_, "/", value));
        break;
      case 'L':
        if (!value.empty()) package_->licenses = {std::string(value)};
        break;
      default:
        break;
    }
  }

  absl::Status EndStanza() {
    if (!package_.has_value()) return absl::OkStatus();
    model::Package package = *std::exchange(package_, std::nullopt);
    package.type = "apk";
    folder_.clear();
    // A package that is not split has no origin in old databases. All
    // packages of an origin are built with its version.
    if (package.source_name.empty()) package.source_name = package.name;
    package.source_version = package.version;
    return list_.Add(std::move(package),
                     base::StrCat("the stanza at line ", first_line_));
  }

  text::LineReader reader_;
  PackageList list_;
  std::optional<model::Package> package_;
  std::string folder_;  // of the files that follow
  uint64_t first_line_ = 0;
};

}  // namespace

bool Apk::Wants(std::string_view path) const {
  return std::find(kPaths.begin(), kPaths.end(), path) != kPaths.end();
}

absl::StatusOr<model::FileExtract> Apk::Extract(std::string_view,
                                                File& file) const {
  return Parser(file).Parse();
}

std::vector<std::string_view> Apk::WellKnownPaths() const {
  return {kPaths.begin(), kPaths.end()};
}

}  // namespace landwaiter::agent::extract::os
