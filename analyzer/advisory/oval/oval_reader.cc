#include "analyzer/advisory/oval/oval_reader.h"

#include <string>
#include <string_view>
#include <utility>

#include "analyzer/advisory/rpm/rpm_record.h"
#include "analyzer/advisory/xml/xml_reader.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// "CVSS:3.1/AV:N/..." of "7.5/CVSS:3.1/AV:N/...".
std::string_view VectorOf(std::string_view scored) {
  const auto parts = base::SplitOnce(scored, '/');
  return parts ? parts->second : "";
}

class OvalHandler : public XmlHandler {
 public:
  OvalHandler(std::string_view file, OvalDocument& document)
      : file_(file), document_(document) {}

  absl::Status Open(const XmlTag& tag) override {
    // Cut files of SUSE's have them in "state".
    if (++depth_ == 2) {
      section_ = tag.name() == "state" ? "states" : tag.name();
    }
    if (section_ == "definitions") OpenInDefinition(tag);
    if (section_ == "tests") OpenInTest(tag);
    if (depth_ == 3 && (section_ == "objects" || section_ == "states")) {
      id_ = tag.Get("id");
      package_.clear();
      evr_.clear();
      operation_.clear();
      architecture_.clear();
    }
    if (section_ == "states" && tag.name() == "evr") {
      operation_ = tag.Get("operation");
    }
    if (things_ + document_.facts.size() > kMaxOvalThings) {
      return base::Failure(
          base::FailureCode::kLimitExceeded,
          base::StrCat(base::Printable(file_), ": has more than ",
                       kMaxOvalThings, " definitions, tests and criteria"),
          "OvalThings");
    }
    return absl::OkStatus();
  }

  absl::Status Close(std::string_view name, std::string_view text) override {
    if (section_ == "definitions") CloseInDefinition(name, text);
    if (section_ == "tests" && depth_ == 3) {
      document_.facts.AddTest(id_, test_);
    }
    if (section_ == "objects") CloseInObject(name, text);
    if (section_ == "states") CloseInState(name, text);
    if (--depth_ == 1) section_.clear();
    return absl::OkStatus();
  }

 private:
  OvalDefinition& definition() { return document_.definitions.back(); }

  void OpenInDefinition(const XmlTag& tag) {
    const std::string_view name = tag.name();
    if (depth_ == 3) {
      ++things_;
      document_.definitions.emplace_back();
      definition().id = tag.Get("id");
      definition().kind = tag.Get("class");
      open_.clear();
    }
    if (depth_ <= 3) return;
    if (name == "criteria") {
      ++things_;
      open_.push_back({.all = tag.Get("operator") != "OR"});
    } else if (name == "criterion" && !open_.empty()) {
      AddCriterion(tag);
    } else if (name == "reference" &&
               definition().references.size() < kMaxListed) {
      definition().references.push_back({std::string(tag.Get("source")),
                                         std::string(tag.Get("ref_id")),
                                         std::string(tag.Get("ref_url"))});
    } else if (name == "issued") {
      definition().issued = tag.Get("date");
    } else if (name == "updated") {
      definition().updated = tag.Get("date");
    } else if (name == "resolution") {
      ++things_;
      definition().resolutions.push_back({std::string(tag.Get("state")), {}});
    } else if (name == "cve") {
      AddScores(tag);
    }
  }

  void AddCriterion(const XmlTag& tag) {
    const std::string_view comment = tag.Get("comment");
    // Half of the lines of most feeds, and true of what the distribution made.
    if (base::Contains(comment, " is signed with ")) return;
    ++things_;
    const uint64_t test = OvalName(tag.Get("test_ref"));
    document_.facts.Want(test);
    open_.back().criterions.push_back({test, std::string(comment)});
  }

  void AddScores(const XmlTag& tag) {
    for (const char* version : {"cvss2", "cvss3", "cvss4"}) {
      AddCvss("", VectorOf(tag.Get(version)), definition().cvss);
    }
    // "CWE-787->CWE-122", "(CWE-20|CWE-78)".
    std::string_view cwes = tag.Get("cwe");
    for (size_t at = cwes.find("CWE-"); at != cwes.npos;
         at = cwes.find("CWE-", at + 1)) {
      const size_t end = cwes.find_first_not_of("0123456789", at + 4);
      AddCwe(cwes.substr(at, end - at), definition().cwes);
    }
  }

  void CloseInDefinition(std::string_view name, std::string_view text) {
    if (document_.definitions.empty() || depth_ <= 3) return;
    if (name == "criteria") {
      CloseCriteria();
    } else if (name == "title" && depth_ == 5) {
      definition().title = OneLine(text);
    } else if (name == "description" && depth_ == 5) {
      definition().description = OneLine(text);
    } else if (name == "severity") {
      definition().severity = text;
    } else if (name == "advisory_date") {
      definition().issued = text;
    } else if (name == "advisory_id") {
      definition().advisory_id = text;
    } else if (name == "cve") {
      AddOnce(definition().cves, text);
    } else if (name == "cpe") {
      AddOnce(definition().cpes, text);
    } else if (name == "component" && !definition().resolutions.empty()) {
      ++things_;
      definition().resolutions.back().components.emplace_back(text);
    }
  }

  // One that has but a line is that line.
  void CloseCriteria() {
    if (open_.empty()) return;
    OvalCriteria done = std::move(open_.back());
    open_.pop_back();
    if (open_.empty()) {
      definition().criteria = std::move(done);
    } else if (done.inner.empty() && done.criterions.size() == 1) {
      open_.back().criterions.push_back(std::move(done.criterions[0]));
    } else if (!done.inner.empty() || !done.criterions.empty()) {
      open_.back().inner.push_back(std::move(done));
    }
  }

  void OpenInTest(const XmlTag& tag) {
    if (depth_ == 3) {
      id_ = tag.Get("id");
      test_ = {};
      test_.of_packages = tag.name() == "rpminfo_test";
      test_.none_exist = tag.Get("check_existence") == "none_exist";
      test_.none_satisfy = tag.Get("check") == "none satisfy";
    } else if (tag.name() == "object") {
      test_.object = OvalName(tag.Get("object_ref"));
    } else if (tag.name() == "state") {
      test_.state = OvalName(tag.Get("state_ref"));
    }
  }

  void CloseInObject(std::string_view name, std::string_view text) {
    if (depth_ == 4 && name == "name") package_ = text;
    if (depth_ == 3 && !package_.empty()) {
      document_.facts.AddObject(id_, package_);
    }
  }

  void CloseInState(std::string_view name, std::string_view text) {
    if (depth_ == 4 && name == "evr") evr_ = text;
    if (depth_ == 4 && name == "arch") architecture_ = text;
    if (depth_ == 3) {
      document_.facts.AddState(id_, evr_, operation_, architecture_);
    }
  }

  const std::string_view file_;
  OvalDocument& document_;
  size_t depth_ = 0, things_ = 0;
  std::string section_;             // "definitions", "tests", ...
  std::vector<OvalCriteria> open_;  // the criteria that are being read
  std::string id_;                  // of a test, an object or a state
  OvalFacts::Test test_;
  std::string package_, evr_, operation_, architecture_;
};

}  // namespace

absl::StatusOr<OvalDocument> ReadOval(FeedFile& file) {
  OvalDocument document;
  OvalHandler handler(file.name(), document);
  LANDWAITER_RETURN_IF_ERROR(ReadXml(file, "oval_definitions", handler));
  return document;
}

}  // namespace landwaiter::analyzer::advisory
