#include "analyzer/advisory/oval/oval_feed.h"

#include <algorithm>
#include <utility>

#include "analyzer/advisory/oval/oval_reader.h"
#include "analyzer/advisory/rating.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

Details DetailsOf(std::string id, const OvalDefinition& definition) {
  Details details;
  details.id = std::move(id);
  std::string_view title = definition.title;
  if (title.starts_with(details.id)) {
    title.remove_prefix(details.id.size());
    while (title.starts_with(':') || title.starts_with(' ')) {
      title.remove_prefix(1);
    }
  }
  details.summary = title.empty() ? definition.description : title;
  details.severity = RateWord(definition.severity);
  std::vector<std::string> cves = definition.cves;
  for (const OvalReference& reference : definition.references) {
    // "Mitre CVE-2021-29154", "CVE:00001:CVE-2019-16168".
    const size_t at = reference.id.rfind("CVE-");
    if (at != reference.id.npos) cves.push_back(reference.id.substr(at));
    AddReference(reference.url, details.references);
  }
  for (const std::string& cve : cves) {
    if (IsCve(cve) && cve != details.id) AddOnce(details.aliases, cve);
  }
  details.cvss = definition.cvss;
  details.cwes = definition.cwes;
  details.published = Rfc3339(definition.issued);
  details.modified = Rfc3339(definition.updated);
  return details;
}

bool NamesUnknownTests(const OvalCriteria& criteria, const OvalFacts& facts) {
  return std::any_of(criteria.criterions.begin(), criteria.criterions.end(),
                     [&](const OvalCriterion& criterion) {
                       return facts.Find(criterion.test).kind ==
                              OvalFact::Kind::kNone;
                     }) ||
         std::any_of(criteria.inner.begin(), criteria.inner.end(),
                     [&](const OvalCriteria& inner) {
                       return NamesUnknownTests(inner, facts);
                     });
}

class OvalFeedReader : public FeedReader {
 public:
  explicit OvalFeedReader(const OvalFeed& feed) : feed_(feed) {}

  absl::Status Read(FeedFile& file, FeedSink& sink) override {
    LANDWAITER_ASSIGN_OR_RETURN(OvalDocument document, ReadOval(file));
    for (OvalDefinition& definition : document.definitions) {
      std::string id = feed_.IdOf(definition);
      if (id.empty()) continue;
      LANDWAITER_RETURN_IF_ERROR(
          Tell(std::move(id), definition, document.facts, file.name(), sink));
      definition = {};  // memory goes down while the receiver's goes up
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Tell(std::string id, const OvalDefinition& definition,
                    const OvalFacts& facts, const std::string& file,
                    FeedSink& sink) const {
    AffectedList entries;
    WalkOval(
        definition.criteria, facts,
        [&](const OvalFact& fact, std::string_view comment) {
          return feed_.IsPackage(fact, comment);
        },
        [&](const OvalClause& clause) {
          feed_.AddEntries(definition, clause, file, entries);
        });
    const std::string where = base::StrCat(file, ": ", base::Printable(id, 80));
    if (entries.full()) {
      sink.Skip(where, RecordProblem::kTooLarge, "has too many packages");
      return absl::OkStatus();
    }
    Advisory advisory{DetailsOf(std::move(id), definition), entries.Take()};
    if (advisory.affected.empty() &&
        NamesUnknownTests(definition.criteria, facts)) {
      sink.Skip(where, RecordProblem::kBadField,
                "names tests that are not there");
      return absl::OkStatus();
    }
    return Deliver(std::move(advisory), file, sink);
  }

  const OvalFeed& feed_;
};

}  // namespace

bool OvalFeed::Reads(std::string_view name) const {
  return base::Contains(name, ".xml");
}

std::unique_ptr<FeedReader> OvalFeed::NewReader() const {
  return std::make_unique<OvalFeedReader>(*this);
}

Affected OvalEntry(std::string ecosystem, const OvalClause& clause) {
  const auto plain = [](std::string_view evr) {
    return std::string(evr.starts_with("0:") ? evr.substr(2) : evr);
  };
  Affected entry =
      EveryVersion(std::move(ecosystem), std::string(clause.fact.package),
                   Standing::kAffected);
  auto& range = entry.ranges[0];
  const std::string version = plain(clause.fact.version);
  if (clause.fact.kind == OvalFact::Kind::kBefore) {
    range.push_back({EventKind::kFixed, version});
  } else if (clause.fact.kind == OvalFact::Kind::kUpTo) {
    range.push_back({EventKind::kLastAffected, version});
  } else if (clause.fact.kind == OvalFact::Kind::kAfter && version != "0-0") {
    range[0].version = version;
  }
  if (!clause.after.empty()) range[0].version = plain(clause.after);
  return entry;
}

std::vector<std::string_view> OvalConditions(const OvalClause& clause,
                                             std::string_view prefix,
                                             std::string_view suffix) {
  std::vector<std::string_view> found;
  for (const auto& group : clause.conditions) {
    for (std::string_view comment : group) {
      if (!comment.starts_with(prefix) || !comment.ends_with(suffix) ||
          comment.size() <= prefix.size() + suffix.size()) {
        continue;
      }
      comment.remove_prefix(prefix.size());
      comment.remove_suffix(suffix.size());
      found.push_back(comment);
    }
  }
  return found;
}

std::string FirstWord(std::string_view title) {
  std::string_view word = title.substr(0, title.find(' '));
  while (word.ends_with(':')) word.remove_suffix(1);
  return std::string(word);
}

}  // namespace landwaiter::analyzer::advisory
