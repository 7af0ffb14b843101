#ifndef LANDWAITER_OPERATOR_RECONCILE_CRON_H_
#define LANDWAITER_OPERATOR_RECONCILE_CRON_H_

#include <bitset>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace landwaiter::reconcile {

// A schedule in the format of Kubernetes' CronJob: five fields (minute, hour,
// day of month, month, day of week), each a list of values, ranges and steps
// ("*/15", "1-5", "8-18/2"), months and weekdays also by name, Sunday as 0 or
// 7; or @hourly, @daily (@midnight), @weekly, @monthly, @yearly (@annually).
// When both days are restricted, either will do.
//
// It is read on the wall clock of its time zone, as CronJob does: a time that
// the clock skips in spring does not occur, a time that it shows twice in
// autumn occurs twice.
class Cron {
 public:
  // INVALID_ARGUMENT names what is wrong.
  static absl::StatusOr<Cron> Parse(std::string_view text, absl::TimeZone zone);

  // The first time after `after`; InfiniteFuture if there is none within
  // five years (30 February).
  absl::Time Next(absl::Time after) const;
  // The last time that is not after `until` and is after `after`; InfinitePast
  // if there is none.
  absl::Time Last(absl::Time after, absl::Time until) const;

 private:
  bool DayMatches(absl::CivilDay day) const;
  absl::Time FirstOfDay(absl::CivilDay day, absl::Time after) const;
  absl::Time LastOfDay(absl::CivilDay day, absl::Time after,
                       absl::Time until) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = false;      // day of month is *
  bool any_weekday_ = false;  // day of week is *
  absl::TimeZone zone_;
};

}  // namespace landwaiter::reconcile

#endif  // LANDWAITER_OPERATOR_RECONCILE_CRON_H_
