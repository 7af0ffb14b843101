#include "core/base/subprocess.h"

#include <gtest/gtest.h>

namespace landwaiter::base {
namespace {

TEST(RunProgram, GivesWhatItPrintsAndHowItEnded) {
  const auto result =
      RunProgram({.arguments = {"sh", "-c", "cat; echo \"$ANSWER\"; exit 3"},
                  .environment = {"ANSWER=42"},
                  .input = "asked "});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->output, "asked 42\n");
  EXPECT_EQ(result->exit_code, 3);
}

TEST(RunProgram, WithoutInputItReadsNothing) {
  const auto result = RunProgram({.arguments = {"cat"}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->output, "");
}

TEST(RunProgram, OneThatDoesNotReadItsInputHarmsNobody) {
  const auto result =
      RunProgram({.arguments = {"true"}, .input = std::string(4096, 'x')});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->exit_code, 0);
}

TEST(RunProgram, ASignalIsNoExitCode) {
  const auto result = RunProgram({.arguments = {"sh", "-c", "kill -9 $$"}});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->exit_code, -1);
}

TEST(RunProgram, IsKilledAtTheDeadlineAndWhenItPrintsTooMuch) {
  EXPECT_EQ(RunProgram({.arguments = {"sleep", "60"},
                        .deadline = absl::Milliseconds(50)})
                .status()
                .code(),
            absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(
      RunProgram({.arguments = {"yes"}, .max_output = 10'000}).status().code(),
      absl::StatusCode::kInvalidArgument);
}

TEST(RunProgram, AProgramThatIsNotThereIsNotFound) {
  const absl::Status status =
      RunProgram({.arguments = {"no-such-program"}, .input = "secret"})
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_NE(status.message().find("no-such-program"), std::string::npos);
  EXPECT_EQ(status.message().find("secret"), std::string::npos);
}

}  // namespace
}  // namespace landwaiter::base
