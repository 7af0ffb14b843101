#include "analyzer/advisory/cvrf/cvrf.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/advisory/csaf/rpm_component.h"
#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/rpm/rpm_record.h"
#include "analyzer/advisory/suse_oval/product.h"
#include "analyzer/advisory/xml/xml_reader.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// "openEuler:20.03-LTS-SP3" of "cpe:/a:openEuler:openEuler:20.03-LTS-SP3".
std::string OpenEulerEcosystem(std::string_view cpe) {
  const std::vector<std::string_view> parts = base::Split(cpe, ':');
  if (parts.size() < 5 || !base::EqualsIgnoreCase(parts[3], "openeuler")) {
    return "";
  }
  return base::StrCat("openEuler:", parts[4]);
}

constexpr std::string_view kFile = ".rpm";

// One document.
class CvrfHandler : public XmlHandler {
 public:
  explicit CvrfHandler(Cvrf::Publisher publisher) : publisher_(publisher) {}

  absl::Status Open(const XmlTag& tag) override {
    const std::string_view name = tag.name();
    if (name == "Relationship" && publisher_ == Cvrf::Publisher::kSuse) {
      Add(SuseEcosystem(tag.Get("RelatesToProductReference")),
          tag.Get("ProductReference"));
    }
    if (name == "FullProductName") cpe_ = tag.Get("CPE");
    if (name == "Threat") impact_ = tag.Get("Type") == "Impact";
    path_.emplace_back(name);
    return absl::OkStatus();
  }

  absl::Status Close(std::string_view name, std::string_view text) override {
    path_.pop_back();
    const std::string parent = path_.empty() ? "" : path_.back();
    if (parent == "Identification" && name == "ID") details_.id = text;
    if (name == "DocumentTitle") details_.summary = OneLine(text);
    if (name == "InitialReleaseDate") details_.published = Rfc3339(text);
    if (name == "CurrentReleaseDate") details_.modified = Rfc3339(text);
    if (name == "URL") AddReference(text, details_.references);
    if (name == "CVE" && IsCve(text)) AddOnce(details_.aliases, text);
    if (name == "Vector" || name == "VectorV3") AddVector(text);
    if (parent == "Threat" && name == "Description" && impact_) {
      details_.severity = std::max(details_.severity, RateWord(text));
    }
    // Products are in that list too, packages by their files.
    if (name == "FullProductName" && text.ends_with(kFile) &&
        publisher_ == Cvrf::Publisher::kOpenEuler) {
      text.remove_suffix(kFile.size());
      Add(OpenEulerEcosystem(cpe_), text);
    }
    return absl::OkStatus();
  }

  bool full() const { return entries_.full(); }
  Advisory Take() { return {std::move(details_), entries_.Take()}; }

 private:
  void Add(std::string ecosystem, std::string_view nevra) {
    const std::optional<RpmComponent> package = ParseNevra(nevra);
    if (ecosystem.empty() || !package || package->architecture == "src") return;
    entries_.Add(FixedIn(std::move(ecosystem), package->name, package->evr),
                 package->architecture);
  }

  // Of version 3 without saying so, or of version 2.
  void AddVector(std::string_view text) {
    const bool three =
        base::Contains(text, "/PR:") && !text.starts_with("CVSS");
    AddCvss("", base::StrCat(three ? "CVSS:3.1/" : "", text), details_.cvss);
  }

  const Cvrf::Publisher publisher_;
  std::vector<std::string> path_;  // the open elements
  std::string cpe_;                // of the product that is open
  bool impact_ = false;            // the threat that is open says how bad it is
  Details details_;
  AffectedList entries_;
};

class CvrfReader : public FeedReader {
 public:
  explicit CvrfReader(Cvrf::Publisher publisher) : publisher_(publisher) {}

  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    CvrfHandler handler(publisher_);
    const absl::Status status = ReadXml(file, "cvrfdoc", handler);
    if (absl::IsInvalidArgument(status)) {
      sink.Skip(file.name(), RecordProblem::kUnreadable,
                base::ToStd(status.message()));
      return absl::OkStatus();
    }
    LANDWAITER_RETURN_IF_ERROR(status);
    if (handler.full()) {
      sink.Skip(file.name(), RecordProblem::kTooLarge, "has too many packages");
      return absl::OkStatus();
    }
    return Deliver(handler.Take(), file.name(), sink);
  }

 private:
  const Cvrf::Publisher publisher_;
};

}  // namespace

std::string_view Cvrf::name() const {
  return publisher_ == Publisher::kSuse ? "suse-cvrf" : "openeuler-cvrf";
}

std::string_view Cvrf::description() const {
  return publisher_ == Publisher::kSuse
             ? "SUSE's CVRF: ftp.suse.com/pub/projects/security/cvrf"
             : "openEuler's CVRF: repo.openeuler.org/security/data/cvrf";
}

bool Cvrf::Reads(std::string_view name) const {
  return base::Contains(name, "cvrf") && base::Contains(name, ".xml");
}

std::unique_ptr<FeedReader> Cvrf::NewReader() const {
  return std::make_unique<CvrfReader>(publisher_);
}

}  // namespace landwaiter::analyzer::advisory
