#include "analyzer/advisory/debian/support.h"

#include <algorithm>
#include <utility>

#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/line_reader.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kFile = "security-support-ended.deb";

// "12" of "lists/security-support-ended.deb12"; empty for other files.
std::string_view ReleaseOf(std::string_view name) {
  const size_t place = name.rfind(kFile);
  if (place == name.npos) return "";
  const std::string_view release = name.substr(place + kFile.size());
  return base::ParseUint64(release) ? release : "";
}

std::string_view TakeWord(std::string_view& text) {
  const size_t end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view word = text.substr(0, end);
  text = base::Strip(text.substr(end));
  return word;
}

Advisory ParseLine(std::string_view line, std::string_view release) {
  const std::string package(TakeWord(line));
  const std::string last(TakeWord(line));
  const std::string date(TakeWord(line));
  Advisory advisory;
  Details& details = advisory.details;
  Affected& affected = advisory.affected.emplace_back();
  affected.ecosystem = base::StrCat("Debian:", release);
  affected.package = package;
  CheckName(affected.ecosystem, affected.package);
  if (last.empty() || last[0] < '0' || last[0] > '9') {
    FailField("version", "is none");
  }
  details.published = Rfc3339(date);
  if (details.published.empty()) FailField("date", "is none");
  details.id = base::StrCat("DEBIAN-EOL-", release, "-", package);
  details.summary =
      OneLine(base::StrCat("security support of ", package, " ends on ", date));
  const size_t url = line.find("https://");
  if (url != line.npos) {
    const std::string_view from = line.substr(url);
    AddReference(from.substr(0, from.find_first_of(" ;,")), details.references);
  }
  affected.standing = Standing::kEndOfLife;
  affected.statement =
      OneLine(base::StrCat("security support ends on ", date,
                           line.empty() ? "" : ": ", base::Printable(line)));
  affected.ranges = {WholeRange()};
  if (last != "0") {
    affected.ranges[0].push_back({EventKind::kLastAffected, last});
  }
  return advisory;
}

class Reader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    const std::string_view release = ReleaseOf(file.name());
    if (release.empty()) {
      return absl::InvalidArgumentError(
          base::StrCat(base::Printable(file.name()),
                       " does not name its release: ", kFile, "<number>"));
    }
    LineReader lines(file);
    while (true) {
      std::string_view line;
      LANDWAITER_ASSIGN_OR_RETURN(const bool more, lines.Next(line));
      if (!more) return absl::OkStatus();
      line = base::Strip(line);
      if (line.empty() || line.starts_with('#')) continue;
      // A pattern for names is no name.
      if (base::Contains(line.substr(0, line.find_first_of(" \t")), "*")) {
        continue;
      }
      LANDWAITER_RETURN_IF_ERROR(
          ReadRecord(base::StrCat(file.name(), ": line ", lines.number()), sink,
                     [&] { return sink.Add(ParseLine(line, release)); }));
    }
  }
};

class Format : public FeedFormat {
 public:
  std::string_view name() const override { return "debian-support"; }
  std::string_view description() const override {
    return "Debian's packages out of security support: "
           "https://salsa.debian.org/debian/debian-security-support";
  }
  bool Reads(std::string_view name) const override {
    return !ReleaseOf(name).empty();
  }
  std::unique_ptr<FeedReader> NewReader() const override {
    return std::make_unique<Reader>();
  }
};

}  // namespace

const FeedFormat& DebianSupport() {
  static const Format kFormat;
  return kFormat;
}

}  // namespace landwaiter::analyzer::advisory
