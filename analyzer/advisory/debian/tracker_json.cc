#include "analyzer/advisory/debian/tracker_json.h"

#include <string>
#include <utility>

#include "analyzer/advisory/debian/releases.h"
#include "analyzer/advisory/json_fields.h"
#include "analyzer/advisory/json_stream.h"
#include "analyzer/advisory/rating.h"
#include "analyzer/advisory/record_text.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

// Why no advisory comes: "nodsa" is people's reason, "nodsa_reason" one of "",
// "postponed" and "ignored".
void ReadNoDsa(const Json& release, Affected& affected) {
  const std::string nodsa = WordIn(&release, "nodsa");
  const std::string reason = WordIn(&release, "nodsa_reason");
  if (nodsa.empty() && reason.empty()) return;
  affected.statement = OneLine(base::StrCat(reason.empty() ? "no-dsa" : reason,
                                            nodsa.empty() ? "" : ": ", nodsa));
  if (reason == "ignored") affected.standing = Standing::kWillNotFix;
  if (reason == "postponed") affected.standing = Standing::kFixDeferred;
}

void ReadRelease(const Json& release, Affected& affected) {
  const std::string status = TextIn(release, "status");
  const std::string urgency = WordIn(&release, "urgency");
  affected.severity = RateWord(urgency);
  affected.ranges = {WholeRange()};
  if (status == "resolved") {
    const std::string fixed = TextIn(release, "fixed_version");
    if (fixed.empty()) FailField("fixed_version", "is empty");
    // The package never had the flaw, or not in this release.
    if (fixed == "0") {
      affected.standing = Standing::kNotAffected;
    } else {
      affected.ranges = {RangeBefore(fixed)};
    }
  } else if (status == "undetermined") {
    affected.standing = Standing::kUnderInvestigation;
  } else if (status != "open") {
    FailField("status", "is not known");
  } else if (urgency == "end-of-life") {
    affected.standing = Standing::kEndOfLife;
  } else {
    ReadNoDsa(release, affected);
  }
}

Advisory ParseFlaw(const std::string& package, const std::string& id,
                   const Json& flaw) {
  if (!flaw.is_object()) FailField(id, "is no object");
  if (!id.starts_with("CVE-") && !id.starts_with("TEMP-")) {
    throw BrokenRecord{RecordProblem::kNoId, "has no CVE"};
  }
  Advisory advisory;
  Details& details = advisory.details;
  details.id = id;
  details.summary = OneLine(TextIn(flaw, "description"));
  AddReference(base::StrCat("https://security-tracker.debian.org/tracker/", id),
               details.references);
  const Json* releases = ObjectIn(flaw, "releases");
  if (releases == nullptr) FailField("releases", "is not there");
  for (const auto& [codename, release] : releases->items()) {
    Affected affected;
    affected.ecosystem = DebianEcosystem(codename);
    if (affected.ecosystem.empty()) continue;  // newer than this program
    if (!release.is_object()) FailField(codename, "is no object");
    affected.package = package;
    CheckName(affected.ecosystem, affected.package);
    ReadRelease(release, affected);
    advisory.affected.push_back(std::move(affected));
  }
  return advisory;
}

}  // namespace

absl::Status ReadDebianTrackerJson(FeedFile& file, FeedSink& sink) {
  bool any = false;
  LANDWAITER_RETURN_IF_ERROR(
      ReadJsonItems(file, {{"*", "*"}}, [&](const JsonItem& item) {
        any = true;
        return ReadRecord(item.Where(file), sink, [&]() -> absl::Status {
          if (item.value == nullptr) throw BrokenRecord{item.problem, ""};
          Advisory advisory =
              ParseFlaw(item.keys[0], item.keys[1], *item.value);
          if (advisory.affected.empty()) return absl::OkStatus();
          return sink.Add(std::move(advisory));
        });
      }));
  if (any) return absl::OkStatus();
  return absl::InvalidArgumentError(
      base::StrCat(base::Printable(file.name()), " has no package's flaws"));
}

}  // namespace landwaiter::analyzer::advisory
