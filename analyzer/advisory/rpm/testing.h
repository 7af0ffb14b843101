#ifndef LANDWAITER_ANALYZER_ADVISORY_RPM_TESTING_H_
#define LANDWAITER_ANALYZER_ADVISORY_RPM_TESTING_H_

#include <algorithm>
#include <string>
#include <vector>

#include "analyzer/advisory/catalog.h"
#include "analyzer/advisory/testing.h"
#include "core/base/strings.h"
#include "gtest/gtest.h"

// For the tests of the feeds of rpm distributions.
namespace landwaiter::analyzer::advisory {

// What a format makes of one file; `status` is that of the reading.
struct ReadFeed : KeptRecords {
  ReadFeed(std::string_view format, std::string name, std::string text,
           size_t piece = 777) {
    const FeedFormat* found = FindFeedFormat(format);
    if (found == nullptr) {
      ADD_FAILURE() << "no format " << format;
      return;
    }
    TextFile file(std::move(name), std::move(text), piece);
    const auto reader = found->NewReader();
    status = reader->Read(file, *this);
    if (status.ok()) status = reader->Finish(*this);
  }

  // The advisory of this id; fails the test, and is empty, if there is none.
  const Advisory& Get(std::string_view id) const {
    static const Advisory kNone;
    for (const Advisory& advisory : advisories) {
      if (advisory.details.id == id) return advisory;
    }
    ADD_FAILURE() << "no advisory " << id << ", and " << skipped.size()
                  << " skipped" << (skipped.empty() ? "" : ", the first: ")
                  << (skipped.empty() ? "" : skipped[0].message);
    return kNone;
  }

  absl::Status status;
};

inline std::string_view ToString(Standing standing) {
  static constexpr std::string_view kNames[] = {
      "affected", "not affected", "under investigation",
      "deferred", "will not fix", "end of life"};
  return kNames[static_cast<int>(standing)];
}

// "Rocky Linux:8 ruby (ruby:2.6) <1.0-2" of an entry; what is as usual is not
// said.
inline std::string Line(const Affected& entry) {
  std::string line = base::StrCat(entry.ecosystem, " ", entry.package);
  if (entry.names == NameKind::kSource) line += " source";
  for (const std::string& module : entry.modules) {
    base::StrAppend(&line, " (", module, ")");
  }
  if (entry.standing != Standing::kAffected) {
    base::StrAppend(&line, " ", ToString(entry.standing));
  }
  for (const auto& range : entry.ranges) {
    for (const auto& event : range) {
      if (event.kind == EventKind::kFixed) {
        base::StrAppend(&line, " <", event.version);
      } else if (event.version != "0") {
        base::StrAppend(&line, " >=", event.version);
      }
    }
  }
  if (!entry.statement.empty()) {
    base::StrAppend(&line, " \"", entry.statement, "\"");
  }
  return line;
}

inline std::vector<std::string> Lines(const Advisory& advisory) {
  std::vector<std::string> lines;
  for (const Affected& entry : advisory.affected) lines.push_back(Line(entry));
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_RPM_TESTING_H_
