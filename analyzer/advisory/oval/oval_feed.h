#ifndef LANDWAITER_ANALYZER_ADVISORY_OVAL_OVAL_FEED_H_
#define LANDWAITER_ANALYZER_ADVISORY_OVAL_OVAL_FEED_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/advisory/feed_format.h"
#include "analyzer/advisory/oval/definition.h"
#include "analyzer/advisory/oval/walk.h"
#include "analyzer/advisory/rpm/rpm_record.h"

namespace landwaiter::analyzer::advisory {

// What one distribution's OVAL is to be read by; a feed in OVAL is this and
// nothing else. Stateless.
class OvalFeed : public FeedFormat {
 public:
  // Names with ".xml" in them: publishers call them as they like.
  bool Reads(std::string_view name) const override;
  std::unique_ptr<FeedReader> NewReader() const override;

  // The id of the advisory; empty if the definition is none.
  virtual std::string IdOf(const OvalDefinition& definition) const = 0;
  // Whether the criterion is a package that the definition is about.
  virtual bool IsPackage(const OvalFact& fact,
                         std::string_view /*comment*/) const {
    return IsVersionFact(fact);
  }
  // Adds what the clause says; nothing, if it is of another product. `file`
  // is the name of the file.
  virtual void AddEntries(const OvalDefinition& definition,
                          const OvalClause& clause, std::string_view file,
                          AffectedList& entries) const = 0;
};

// The clause's versions of its package.
Affected OvalEntry(std::string ecosystem, const OvalClause& clause);

// What follows `prefix`, up to `suffix`, in those conditions of the clause that
// are made so: "8" with "Oracle Linux " and " is installed".
std::vector<std::string_view> OvalConditions(const OvalClause& clause,
                                             std::string_view prefix,
                                             std::string_view suffix);

// The first word, without a colon at its end: "RHSA-2020:0134".
std::string FirstWord(std::string_view title);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_OVAL_OVAL_FEED_H_
