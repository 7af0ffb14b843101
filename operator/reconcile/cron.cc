#include "operator/reconcile/cron.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::reconcile {
namespace {

constexpr int kMaxDays = 5 * 366;

constexpr std::array<std::string_view, 12> kMonths = {
    "jan", "feb", "mar", "apr", "may", "jun",
    "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
  std::string_view what;
  int min;
  int max;
  absl::Span<const std::string_view> names;
  int first_name;  // the value of names[0]
};

std::optional<std::string_view> Expand(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> kShort[] = {
      {"@hourly", "0 * * * *"},   {"@daily", "0 0 * * *"},
      {"@midnight", "0 0 * * *"}, {"@weekly", "0 0 * * 0"},
      {"@monthly", "0 0 1 * *"},  {"@yearly", "0 0 1 1 *"},
      {"@annually", "0 0 1 1 *"},
  };
  for (const auto& [name, fields] : kShort) {
    if (name == text) return fields;
  }
  return std::nullopt;
}

absl::Status Wrong(const Field& field, std::string_view text) {
  return absl::InvalidArgumentError(base::StrCat(
      "schedule: ", field.what, " cannot be '", base::Printable(text, 40),
      "'; it is from ", field.min, " to ", field.max));
}

absl::StatusOr<int> ParseValue(const Field& field, std::string_view text) {
  const std::string lower = base::ToLower(text);
  for (size_t i = 0; i < field.names.size(); ++i) {
    if (field.names[i] == lower) {
      return static_cast<int>(i) + field.first_name;
    }
  }
  const std::optional<int64_t> value = base::ParseInt64(text);
  if (!value || *value < field.min || *value > field.max || text[0] == '+') {
    return Wrong(field, text);
  }
  return static_cast<int>(*value);
}

// Calls `set` for each value of one item of a list: "*", "5", "1-5", each with
// "/step"; "5/15" means from 5 to the end.
template <typename Set>
absl::Status ParseItem(const Field& field, std::string_view item, Set set) {
  int64_t step = 1;
  std::string_view range = item;
  const auto with_step = base::SplitOnce(item, '/');
  if (with_step) {
    range = with_step->first;
    const std::optional<int64_t> value = base::ParseInt64(with_step->second);
    if (!value || *value < 1 || *value > field.max) return Wrong(field, item);
    step = *value;
  }
  int first = field.min;
  int last = field.max;
  if (range != "*" && range != "?") {
    const auto ends = base::SplitOnce(range, '-');
    LANDWAITER_ASSIGN_OR_RETURN(first,
                                ParseValue(field, ends ? ends->first : range));
    if (ends) {
      LANDWAITER_ASSIGN_OR_RETURN(last, ParseValue(field, ends->second));
    } else if (!with_step) {
      last = first;
    }
    if (last < first) return Wrong(field, item);
  }
  for (int value = first; value <= last; value += static_cast<int>(step)) {
    set(value);
  }
  return absl::OkStatus();
}

template <typename Set>
absl::Status ParseList(const Field& field, std::string_view text, Set set) {
  for (const std::string_view item : base::Split(text, ',')) {
    if (item.empty()) return Wrong(field, text);
    LANDWAITER_RETURN_IF_ERROR(ParseItem(field, item, set));
  }
  return absl::OkStatus();
}

bool IsAny(std::string_view text) {
  return text.starts_with('*') || text.starts_with('?');
}

std::vector<std::string_view> SplitFields(std::string_view text) {
  std::vector<std::string_view> fields;
  for (const std::string_view part : base::Split(text, ' ')) {
    if (!part.empty()) fields.push_back(part);
  }
  return fields;
}

// The instants at which the zone's clocks show this time: none in a gap, two
// in an overlap.
template <typename Visit>
void VisitInstants(const absl::TimeZone& zone, absl::CivilSecond civil,
                   Visit visit) {
  const absl::TimeZone::TimeInfo info = zone.At(civil);
  switch (info.kind) {
    case absl::TimeZone::TimeInfo::UNIQUE:
      visit(info.pre);
      break;
    case absl::TimeZone::TimeInfo::SKIPPED:
      break;
    case absl::TimeZone::TimeInfo::REPEATED:
      visit(info.pre);
      visit(info.post);
      break;
  }
}

}  // namespace

absl::StatusOr<Cron> Cron::Parse(std::string_view text, absl::TimeZone zone) {
  text = base::Strip(text);
  if (const auto expanded = Expand(text)) text = *expanded;
  const std::vector<std::string_view> fields = SplitFields(text);
  if (fields.size() != 5) {
    return absl::InvalidArgumentError(base::StrCat(
        "schedule: '", base::Printable(text, 80),
        "' is neither five fields nor one of @hourly, @daily, @weekly, "
        "@monthly, @yearly"));
  }
  Cron cron;
  cron.zone_ = zone;
  LANDWAITER_RETURN_IF_ERROR(ParseList(
      {"the minute", 0, 59, {}, 0}, fields[0],
      [&](int value) { cron.minutes_.set(static_cast<size_t>(value)); }));
  LANDWAITER_RETURN_IF_ERROR(ParseList(
      {"the hour", 0, 23, {}, 0}, fields[1],
      [&](int value) { cron.hours_.set(static_cast<size_t>(value)); }));
  LANDWAITER_RETURN_IF_ERROR(ParseList(
      {"the day of the month", 1, 31, {}, 0}, fields[2],
      [&](int value) { cron.days_.set(static_cast<size_t>(value)); }));
  LANDWAITER_RETURN_IF_ERROR(ParseList(
      {"the month", 1, 12, kMonths, 1}, fields[3],
      [&](int value) { cron.months_.set(static_cast<size_t>(value)); }));
  LANDWAITER_RETURN_IF_ERROR(ParseList(
      {"the day of the week", 0, 7, kWeekdays, 0}, fields[4],
      [&](int value) { cron.weekdays_.set(static_cast<size_t>(value % 7)); }));
  cron.any_day_ = IsAny(fields[2]);
  cron.any_weekday_ = IsAny(fields[4]);
  return cron;
}

bool Cron::DayMatches(absl::CivilDay day) const {
  if (!months_.test(static_cast<size_t>(day.month()))) return false;
  // absl's week begins on Monday, cron's on Sunday.
  const size_t weekday = (static_cast<size_t>(absl::GetWeekday(day)) + 1) % 7;
  const bool by_day = days_.test(static_cast<size_t>(day.day()));
  const bool by_weekday = weekdays_.test(weekday);
  if (any_day_ || any_weekday_) return by_day && by_weekday;
  return by_day || by_weekday;
}

absl::Time Cron::FirstOfDay(absl::CivilDay day, absl::Time after) const {
  absl::Time first = absl::InfiniteFuture();
  for (size_t hour = 0; hour < hours_.size(); ++hour) {
    if (!hours_.test(hour)) continue;
    for (size_t minute = 0; minute < minutes_.size(); ++minute) {
      if (!minutes_.test(minute)) continue;
      VisitInstants(zone_,
                    absl::CivilSecond(day.year(), day.month(), day.day(),
                                      static_cast<int>(hour),
                                      static_cast<int>(minute), 0),
                    [&](absl::Time time) {
                      if (time > after) first = std::min(first, time);
                    });
    }
  }
  return first;
}

absl::Time Cron::LastOfDay(absl::CivilDay day, absl::Time after,
                           absl::Time until) const {
  absl::Time last = absl::InfinitePast();
  absl::Time time = FirstOfDay(day, after);
  while (time <= until) {
    last = time;
    time = FirstOfDay(day, time);
  }
  return last;
}

absl::Time Cron::Next(absl::Time after) const {
  // The day before: its repeated hour may still be to come.
  absl::CivilDay day = absl::ToCivilDay(after, zone_) - 1;
  for (int i = 0; i < kMaxDays; ++i, ++day) {
    if (!DayMatches(day)) continue;
    const absl::Time first = FirstOfDay(day, after);
    if (first != absl::InfiniteFuture()) return first;
  }
  return absl::InfiniteFuture();
}

absl::Time Cron::Last(absl::Time after, absl::Time until) const {
  absl::CivilDay day = absl::ToCivilDay(until, zone_) + 1;
  const absl::CivilDay first_day = absl::ToCivilDay(after, zone_) - 1;
  for (int i = 0; i < kMaxDays && day >= first_day; ++i, --day) {
    if (!DayMatches(day)) continue;
    const absl::Time last = LastOfDay(day, after, until);
    if (last != absl::InfinitePast()) return last;
  }
  return absl::InfinitePast();
}

}  // namespace landwaiter::reconcile
