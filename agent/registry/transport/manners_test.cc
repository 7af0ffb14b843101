#include "agent/registry/transport/manners.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "agent/registry/connection.h"
#include "agent/registry/transport/authorization.h"
#include "agent/registry/transport/transport.h"
#include "core/base/failure.h"
#include "gtest/gtest.h"
#include "tests/support/http_server.h"

namespace landwaiter::agent::registry {
namespace {

TEST(MannersTest, RequestsKeepToTheRateAfterABurst) {
  base::FakeClock clock;
  Manners manners(clock, {.requests_per_second = 10, .burst = 5});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(manners.Take("h").ok());
  EXPECT_EQ(clock.Slept(), absl::ZeroDuration());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(manners.Take("h").ok());
  EXPECT_GE(clock.Slept(), absl::Seconds(9.9));
  EXPECT_LE(clock.Slept(), absl::Seconds(10.2));
  // Another host is another matter.
  const absl::Duration before = clock.Slept();
  ASSERT_TRUE(manners.Take("other").ok());
  EXPECT_EQ(clock.Slept(), before);
}

// One HEAD a tag is what a registry without an API of its own costs.
TEST(MannersTest, AHundredThousandTagsStillListInMinutes) {
  base::FakeClock clock;
  Manners manners(clock);
  for (int i = 0; i < 100'000; ++i) ASSERT_TRUE(manners.Take("h").ok());
  EXPECT_LE(clock.Slept(), absl::Minutes(4));
}

TEST(MannersTest, NoMoreRunAtATimeThanAllowed) {
  base::RealClock clock;
  Manners manners(clock, {.concurrency = 3});
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      const auto turn = manners.Take("h");
      ASSERT_TRUE(turn.ok());
      const int now = ++running;
      for (int seen = most;
           now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      --running;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(most, 3);
}

TEST(MannersTest, APauseIsWaitedForOrToldByItsLength) {
  base::FakeClock clock;
  Manners manners(clock);
  manners.Pause("h", absl::Seconds(30));
  manners.Pause("h", absl::Seconds(10));  // shortens nothing
  ASSERT_TRUE(manners.Take("h").ok());
  EXPECT_EQ(clock.Slept(), absl::Seconds(30));
  manners.Pause("h", absl::Hours(1));
  const auto turn = manners.Take("h");
  EXPECT_EQ(base::FailureCodeOf(turn.status()),
            base::FailureCode::kRateLimited);
  EXPECT_EQ(base::RetryAfterOf(turn.status()), absl::Hours(1));
}

TEST(MannersTest, AnInterruptedClockEndsTheWait) {
  base::RealClock clock;
  Manners manners(clock);
  manners.Pause("h", absl::Seconds(30));
  clock.Interrupt();
  EXPECT_TRUE(absl::IsCancelled(manners.Take("h").status()));
}

// What one part of the agent is told holds for every other.
TEST(MannersTest, A429PausesEverythingThatSharesTheConnection) {
  base::FakeClock clock;
  int limited = 1;
  test::HttpServer server([&](const test::SeenRequest&) {
    return limited-- > 0 ? test::Answer{429, {{"Retry-After", "3600"}}, ""}
                         : test::Answer();
  });
  Connection connection;
  connection.http.base = server.url();
  connection.manners = std::make_shared<Manners>(clock);
  FixedAuthorization nobody({});
  Transport api(connection, nobody, clock);
  Transport pulls(connection, nobody, clock);
  const auto code = [](const absl::Status& status) {
    return base::FailureCodeOf(status);
  };
  EXPECT_EQ(code(api.Send({.target = "/"}, "", 100).status()),
            base::FailureCode::kRateLimited);
  EXPECT_EQ(code(pulls.Send({.target = "/"}, "", 100).status()),
            base::FailureCode::kRateLimited);
  const auto ignore = [](const auto&) { return absl::OkStatus(); };
  EXPECT_EQ(code(pulls.Stream({.target = "/"}, "", ignore, ignore)),
            base::FailureCode::kRateLimited);
  EXPECT_EQ(server.Seen().size(), 1u);
  clock.Advance(absl::Hours(1));
  EXPECT_TRUE(pulls.Send({.target = "/"}, "", 100).ok());
}

}  // namespace
}  // namespace landwaiter::agent::registry
