#include "analyzer/advisory/updateinfo/updateinfo.h"

#include <utility>

#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/rpm/rpm_record.h"
#include "analyzer/advisory/updateinfo/stream.h"
#include "analyzer/advisory/xml/xml_reader.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// The CVEs that a text names: "CVE-2024-1 CVE-2024-2 glibc: ...".
void AddCvesOf(std::string_view text, std::vector<std::string>& cves) {
  constexpr std::string_view kCve = "CVE-";
  for (size_t at = text.find(kCve); at != text.npos;
       at = text.find(kCve, at + 1)) {
    const std::string_view id = text.substr(
        at, text.find_first_not_of("0123456789-", at + kCve.size()) - at);
    if (IsCve(id)) AddOnce(cves, id);
  }
}

// One <update> at a time.
class UpdatesHandler : public XmlHandler {
 public:
  UpdatesHandler(std::string_view file, EcosystemOfPackage ecosystem,
                 FeedSink& sink)
      : file_(file), ecosystem_(ecosystem), sink_(sink) {}

  absl::Status Open(const XmlTag& tag) override {
    path_.emplace_back(tag.name());
    if (tag.name() == "update" && path_.size() == 2) Start(tag);
    if (tag.name() == "issued") details_.published = Rfc3339(tag.Get("date"));
    if (tag.name() == "updated") details_.modified = Rfc3339(tag.Get("date"));
    if (tag.name() == "reference") AddReference(tag);
    if (tag.name() == "collection") {
      collection_ = tag.Get("short");
      module_.clear();
    }
    if (tag.name() == "module") {
      module_ = base::StrCat(tag.Get("name"), ":", tag.Get("stream"));
    }
    if (tag.name() == "package") AddPackage(tag);
    return absl::OkStatus();
  }

  absl::Status Close(std::string_view name, std::string_view text) override {
    path_.pop_back();
    const std::string parent = path_.empty() ? "" : path_.back();
    if (parent == "update") Take(name, text);
    if (parent == "collection" && name == "name") {
      base::StrAppend(&collection_, " ", text);
    }
    return parent == "updates" && name == "update" ? Finish()
                                                   : absl::OkStatus();
  }

 private:
  struct Package {
    std::string name, evr, release, architecture, collection, module;
  };

  void Start(const XmlTag& tag) {
    details_ = {};
    erratum_ = {};
    packages_.clear();
    too_many_ = false;
    security_ = tag.Get("type") == "security";
  }

  void Take(std::string_view name, std::string_view text) {
    if (name == "id") details_.id = text;
    if (name == "title") details_.summary = OneLine(text);
    if (name == "severity") details_.severity = RateWord(text);
    if (name == "release") erratum_.release = text;
  }

  void AddReference(const XmlTag& tag) {
    // Fedora has them in the titles of its bugs, the others as the id.
    AddCvesOf(tag.Get("id"), details_.aliases);
    AddCvesOf(tag.Get("title"), details_.aliases);
    advisory::AddReference(tag.Get("href"), details_.references);
  }

  void AddPackage(const XmlTag& tag) {
    if (packages_.size() >= AffectedList::kMax) {
      too_many_ = true;
      return;
    }
    packages_.push_back(
        {std::string(tag.Get("name")),
         EvrOf(tag.Get("epoch"), tag.Get("version"), tag.Get("release")),
         std::string(tag.Get("release")), std::string(tag.Get("arch")),
         collection_, module_});
  }

  absl::Status Finish() {
    if (!security_ && details_.aliases.empty()) return absl::OkStatus();
    const std::string where =
        base::StrCat(file_, ": ", base::Printable(details_.id, 80));
    if (too_many_) {
      sink_.Skip(where, RecordProblem::kTooLarge, "has too many packages");
      return absl::OkStatus();
    }
    erratum_.id = details_.id;
    AffectedList list;
    for (const Package& package : packages_) {
      if (package.architecture == "src") continue;
      std::string ecosystem =
          ecosystem_(erratum_, package.collection, package.release);
      if (ecosystem.empty()) continue;
      if (package.evr.empty() || package.evr.starts_with('-')) {
        sink_.Skip(where, RecordProblem::kBadField, "a package has no version");
        return absl::OkStatus();
      }
      list.Add(EntryOf(std::move(ecosystem), package), package.architecture);
    }
    return Deliver(
        {std::move(details_), list.Take(AffectedList::Fixes::kLeast)}, file_,
        sink_);
  }

  Affected EntryOf(std::string ecosystem, const Package& package) const {
    Affected entry = FixedIn(std::move(ecosystem), package.name, package.evr);
    entry.ranges[0][0].version = StreamStart(erratum_.id, package.evr);
    if (!package.module.empty()) entry.modules = {package.module};
    if (entry.modules.empty() && base::Contains(package.evr, ".module")) {
      entry.modules = ModulesOfSummary(details_.summary);
    }
    return entry;
  }

  const std::string_view file_;
  const EcosystemOfPackage ecosystem_;
  FeedSink& sink_;
  std::vector<std::string> path_;  // the open elements
  Details details_;
  Erratum erratum_;
  std::string collection_, module_;  // of the packages that come
  std::vector<Package> packages_;
  bool security_ = false, too_many_ = false;
};

class UpdateinfoReader : public FeedReader {
 public:
  explicit UpdateinfoReader(EcosystemOfPackage ecosystem)
      : ecosystem_(ecosystem) {}
  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    UpdatesHandler handler(file.name(), ecosystem_, sink);
    return ReadXml(file, "updates", handler);
  }

 private:
  const EcosystemOfPackage ecosystem_;
};

}  // namespace

bool Updateinfo::Reads(std::string_view name) const {
  return base::Contains(name, "updateinfo") && base::Contains(name, ".xml");
}

std::unique_ptr<FeedReader> Updateinfo::NewReader() const {
  return std::make_unique<UpdateinfoReader>(ecosystem_);
}

}  // namespace landwaiter::analyzer::advisory
