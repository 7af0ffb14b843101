#include <map>
#include <utility>

#include "analyzer/advisory/cvss.h"
#include "analyzer/advisory/photon/photon.h"
#include "analyzer/advisory/rpm/rpm_record.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"

namespace landwaiter::analyzer::advisory {
namespace {

using Json = nlohmann::json;

constexpr uint64_t kMaxFile = uint64_t{64} << 20;
constexpr std::string_view kFile = "cve_data_photon";

// "4.0" of "cve_data_photon4.0.json".
std::string_view ReleaseOf(std::string_view name) {
  const size_t at = name.rfind(kFile);
  if (at == name.npos) return {};
  name.remove_prefix(at + kFile.size());
  const size_t end = name.find(".json");
  return end == name.npos ? std::string_view() : name.substr(0, end);
}

std::string TextIn(const Json& row, const char* key) {
  const auto it = row.find(key);
  return it == row.end() || it->is_null() ? "" : it->get<std::string>();
}

// An advisory a CVE, which has a row a package.
class Rows {
 public:
  explicit Rows(std::string_view release)
      : ecosystem_(base::StrCat("Photon OS:", release)) {}

  // The problem, empty if there is none. Json::type_error: a field is of
  // another type.
  std::string Add(const Json& row) {
    const std::string id = TextIn(row, "cve_id"), pkg = TextIn(row, "pkg");
    if (id.empty() || pkg.empty()) return "has no cve_id or no pkg";
    // Not known by any name: there is nothing to report.
    if (id.starts_with("UNK-")) return "";
    const std::string fixed = TextIn(row, "res_ver");
    const bool not_affected = TextIn(row, "status") == "Not Affected";
    // "Fixed", though nobody says where.
    if (!not_affected && (fixed.empty() || fixed == "NA")) return "";
    Affected entry = not_affected
                         ? EveryVersion(ecosystem_, pkg, Standing::kNotAffected)
                         : FixedIn(ecosystem_, pkg, fixed);
    const auto score = row.find("cve_score");
    if (score != row.end() && score->is_number() && score->get<double>() > 0) {
      entry.severity = SeverityOfScore(score->get<double>());
    }
    AffectedList& entries = by_cve_[id];
    for (const NameKind names : {NameKind::kSource, NameKind::kBinary}) {
      entry.names = names;
      entries.Add(entry);
    }
    return "";
  }

  absl::Status Deliver(std::string_view file, FeedSink& sink) {
    for (auto& [id, entries] : by_cve_) {
      Advisory advisory;
      advisory.details.id = id;
      advisory.affected = entries.Take();
      for (const Affected& entry : advisory.affected) {
        advisory.details.severity =
            std::max(advisory.details.severity, entry.severity);
      }
      LANDWAITER_RETURN_IF_ERROR(
          advisory::Deliver(std::move(advisory), file, sink));
    }
    return absl::OkStatus();
  }

 private:
  const std::string ecosystem_;
  std::map<std::string, AffectedList> by_cve_;
};

class PhotonCveReader : public FeedReader {
 public:
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    const std::string& name = file.name();
    const std::string_view release = ReleaseOf(name);
    if (release.empty()) {
      return absl::InvalidArgumentError(
          base::StrCat(base::Printable(name),
                       ": is not called cve_data_photon4.0.json, "
                       "with the release in its name"));
    }
    LANDWAITER_ASSIGN_OR_RETURN(const std::string text, file.ReadAll(kMaxFile));
    // Of depth 2; anything deeper is refused by its types.
    const auto shallow = [](int depth, Json::parse_event_t, Json&) {
      return depth <= 3;
    };
    const Json json = Json::parse(text, shallow, false);
    if (!json.is_array()) {
      return absl::InvalidArgumentError(
          base::StrCat(base::Printable(name), ": is no JSON array"));
    }
    Rows rows(release);
    size_t number = 0;
    for (const Json& row : json) {
      ++number;
      const std::string problem = AddRow(row, rows);
      if (problem.empty()) continue;
      sink.Skip(base::StrCat(name, ": row ", number), RecordProblem::kBadField,
                problem);
    }
    return rows.Deliver(name, sink);
  }

 private:
  static std::string AddRow(const Json& row, Rows& rows) {
    if (!row.is_object()) return "is no object";
    try {
      return rows.Add(row);
    } catch (const Json::exception&) {
      return "has a field that is no text";
    }
  }
};

}  // namespace

std::string_view PhotonCve::description() const {
  return "Photon OS's CVE data: packages.vmware.com/photon/photon_cve_metadata";
}

bool PhotonCve::Reads(std::string_view name) const {
  return !ReleaseOf(name).empty();
}

std::unique_ptr<FeedReader> PhotonCve::NewReader() const {
  return std::make_unique<PhotonCveReader>();
}

}  // namespace landwaiter::analyzer::advisory
