#include "operator/reconcile/cron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace landwaiter::reconcile {
namespace {

absl::TimeZone Zone(const char* name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  return zone;
}

absl::Time At(const char* text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << text;
  return time;
}

std::string Next(const char* schedule, const char* zone, const char* after) {
  const auto cron = Cron::Parse(schedule, Zone(zone));
  if (!cron.ok()) return std::string(cron.status().message());
  const absl::Time next = cron->Next(At(after));
  if (next == absl::InfiniteFuture()) return "never";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", next, absl::UTCTimeZone());
}

TEST(CronTest, NextTime) {
  const struct {
    const char* schedule;
    const char* after;
    const char* next;
  } kCases[] = {
      {"0 2 * * *", "2026-01-01T00:00:00Z", "2026-01-01T02:00:00Z"},
      {"0 2 * * *", "2026-01-01T02:00:00Z", "2026-01-02T02:00:00Z"},
      {"*/15 * * * *", "2026-01-01T00:07:30Z", "2026-01-01T00:15:00Z"},
      {"5/20 * * * *", "2026-01-01T00:06:00Z", "2026-01-01T00:25:00Z"},
      {"0 8-18/2 * * *", "2026-01-01T10:00:01Z", "2026-01-01T12:00:00Z"},
      {"0,30 9 * * mon-fri", "2026-01-02T09:30:00Z", "2026-01-05T09:00:00Z"},
      {"0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z"},
      {"0 0 30 2 *", "2026-01-01T00:00:00Z", "never"},
      {"0 0 * * 7", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"},
      // Either day will do when both are restricted.
      {"0 0 13 * fri", "2026-01-03T00:00:00Z", "2026-01-09T00:00:00Z"},
      {"0 0 13 * fri", "2026-01-09T00:00:00Z", "2026-01-13T00:00:00Z"},
      {"0 12 1 JAN,jul *", "2026-01-01T12:00:00Z", "2026-07-01T12:00:00Z"},
      {"@hourly", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"},
      {"@daily", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"},
      {"@weekly", "2026-01-01T00:00:00Z", "2026-01-04T00:00:00Z"},
      {"@monthly", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
      {"@yearly", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
  };
  for (const auto& test : kCases) {
    EXPECT_EQ(Next(test.schedule, "UTC", test.after), test.next)
        << test.schedule << " after " << test.after;
  }
}

TEST(CronTest, TimeZoneIsWhereTheClockIsRead) {
  EXPECT_EQ(Next("0 2 * * *", "Asia/Shanghai", "2026-01-01T00:00:00Z"),
            "2026-01-01T18:00:00Z");
}

TEST(CronTest, SkippedTimeDoesNotOccur) {
  // 2026-03-29 02:00 to 03:00 does not exist in Berlin.
  EXPECT_EQ(Next("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z"),
            "2026-03-30T00:30:00Z");
}

TEST(CronTest, RepeatedTimeOccursTwice) {
  // 2026-10-25 02:00 to 03:00 happens twice in Berlin.
  EXPECT_EQ(Next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z"),
            "2026-10-25T00:30:00Z");
  EXPECT_EQ(Next("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30:00Z"),
            "2026-10-25T01:30:00Z");
  EXPECT_EQ(Next("30 2 * * *", "Europe/Berlin", "2026-10-25T01:30:00Z"),
            "2026-10-26T01:30:00Z");
}

TEST(CronTest, LastIsTheNewestThatIsDue) {
  const auto cron = Cron::Parse("0 2 * * *", absl::UTCTimeZone());
  EXPECT_EQ(cron->Last(At("2026-01-01T00:00:00Z"), At("2026-01-09T12:00:00Z")),
            At("2026-01-09T02:00:00Z"));
  EXPECT_EQ(cron->Last(At("2026-01-09T02:00:00Z"), At("2026-01-09T12:00:00Z")),
            absl::InfinitePast());
  EXPECT_EQ(cron->Last(At("2026-01-08T02:00:00Z"), At("2026-01-09T02:00:00Z")),
            At("2026-01-09T02:00:00Z"));
}

TEST(CronTest, WhatIsNoScheduleIsRefused) {
  for (const char* text :
       {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *",
        "* * 32 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *",
        "a * * * *", "1,,2 * * * *", "@every 1h", "@sometimes", "-1 * * * *",
        "1- * * * *", "*/ * * * *", "99999999999999999999 * * * *"}) {
    EXPECT_FALSE(Cron::Parse(text, absl::UTCTimeZone()).ok()) << text;
  }
}

}  // namespace
}  // namespace landwaiter::reconcile
