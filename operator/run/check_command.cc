#include "operator/run/check_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/http/client.h"

namespace landwaiter::run {
namespace {

constexpr absl::Duration kOneCall = absl::Seconds(10);
constexpr absl::Duration kPause = absl::Seconds(1);
constexpr uint64_t kMaxBody = uint64_t{1} << 20;

struct Options {
  std::vector<std::string> urls;
  int within_seconds = 60;
};

absl::Status AskOnce(const http::Url& url, absl::Duration within) {
  http::ClientOptions options{.base = url};
  options.base.target = "/";
  LANDWAITER_ASSIGN_OR_RETURN(const std::unique_ptr<http::Client> client,
                              http::NewClient(std::move(options)));
  LANDWAITER_ASSIGN_OR_RETURN(
      const http::Response response,
      client->Send({.target = url.target}, kMaxBody, within));
  if (response.status == 200) return absl::OkStatus();
  return absl::UnavailableError(base::StrCat("it answers ", response.status));
}

absl::Status Ask(const std::string& text, absl::Time end) {
  LANDWAITER_ASSIGN_OR_RETURN(const http::Url url, http::Url::Parse(text));
  while (true) {
    const absl::Duration left = end - absl::Now();
    absl::Status status =
        AskOnce(url, std::clamp(left, absl::Milliseconds(1), kOneCall));
    if (status.ok() || left <= kPause) return status;
    absl::SleepFor(kPause);
  }
}

}  // namespace

void AddCheckCommand(CLI::App& app, std::ostream& out, int& exit_status) {
  const auto options = std::make_shared<Options>();
  CLI::App* check = app.add_subcommand(
      "check", "Ask URLs until each has answered 200: what `helm test` runs.");
  check->add_option("urls", options->urls, "http or https")
      ->required()
      ->type_name("URL");
  check->add_option("--within", options->within_seconds, "for all of them")
      ->capture_default_str()
      ->check(CLI::Range(1, 3600))
      ->type_name("SECONDS");
  check->callback([options, &out, &exit_status] {
    const absl::Time end = absl::Now() + absl::Seconds(options->within_seconds);
    exit_status = 0;
    for (const std::string& url : options->urls) {
      const absl::Status status = Ask(url, end);
      out << url << ": " << (status.ok() ? "ok" : status.ToString()) << "\n";
      if (!status.ok()) exit_status = 1;
    }
  });
}

}  // namespace landwaiter::run
