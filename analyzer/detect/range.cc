#include "analyzer/detect/range.h"

#include <algorithm>
#include <vector>

namespace landwaiter::analyzer::detect {
namespace {

using advisory::Event;
using advisory::EventKind;

// "0" comes before everything, also before versions that sort before 0.
std::weak_ordering CompareToEvent(std::string_view version, const Event& event,
                                  Compare compare) {
  if (event.kind == EventKind::kIntroduced && event.version == "0") {
    return std::weak_ordering::greater;
  }
  return compare(version, event.version);
}

// By version; of equal ones an introduction comes first.
void Sort(std::vector<Event>& events, Compare compare) {
  const auto before = [&](const Event& a, const Event& b) {
    const bool a_zero = a.kind == EventKind::kIntroduced && a.version == "0";
    const bool b_zero = b.kind == EventKind::kIntroduced && b.version == "0";
    if (a_zero || b_zero) return a_zero && !b_zero;
    const std::weak_ordering order = compare(a.version, b.version);
    return order != 0 ? order < 0 : a.kind < b.kind;
  };
  if (!std::is_sorted(events.begin(), events.end(), before)) {
    std::sort(events.begin(), events.end(), before);
  }
}

// REQUIRES: `events` are sorted.
Verdict EvaluateRange(const std::vector<Event>& events,
                      std::string_view version, Compare compare) {
  Verdict verdict;
  for (const Event& event : events) {
    const std::weak_ordering order = CompareToEvent(version, event, compare);
    switch (event.kind) {
      case EventKind::kIntroduced:
        if (order < 0) break;
        verdict.affected = true;
        verdict.introduced = event.version;
        break;
      case EventKind::kFixed:
        if (order >= 0) {
          verdict.affected = false;
        } else if (verdict.affected && verdict.fixed.empty()) {
          verdict.fixed = event.version;
        }
        break;
      case EventKind::kLastAffected:
        if (order > 0) {
          verdict.affected = false;
        } else if (verdict.affected && verdict.last.empty() &&
                   verdict.fixed.empty()) {
          verdict.last = event.version;
        }
        break;
    }
  }
  return verdict;
}

}  // namespace

Verdict Evaluate(const advisory::AffectedView& entry, std::string_view version,
                 Compare compare) {
  Verdict verdict;
  for (const std::vector<Event>& range : entry.ranges) {
    std::vector<Event> events = range;
    Sort(events, compare);
    const Verdict here = EvaluateRange(events, version, compare);
    if (!here.affected) continue;
    const bool earlier =
        !here.fixed.empty() &&
        (verdict.fixed.empty() || compare(here.fixed, verdict.fixed) < 0);
    if (!verdict.affected || earlier) verdict = here;
  }
  if (!verdict.affected) {
    verdict.affected = std::any_of(
        entry.versions.begin(), entry.versions.end(),
        [&](std::string_view listed) {
          return listed == version ||
                 (entry.ranges.empty() && compare(listed, version) == 0);
        });
  }
  return verdict;
}

}  // namespace landwaiter::analyzer::detect
