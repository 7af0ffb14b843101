#include "analyzer/match/command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>

#include "analyzer/match/match.h"
#include "analyzer/match/print.h"
#include "analyzer/match/replay.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::match {
namespace {

struct Arguments {
  MatchOptions match;
  std::string format = "table";
  std::string fail_on;
  std::string ca_file;
  std::string replay;
};

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Empty if the environment names no place.
std::string DefaultCacheDirectory() {
  if (std::string xdg = Environment("XDG_CACHE_HOME"); !xdg.empty()) {
    return xdg + "/landwaiter";
  }
  const std::string home = Environment("HOME");
  return home.empty() ? "" : home + "/.cache/landwaiter";
}

void Warn(const std::string& message) {
  std::cerr << "landwaiter-analyzer: " << message << "\n";
}

// Whether all of `arguments` makes sense; says what does not.
bool Complete(Arguments& arguments) {
  MatchOptions& options = arguments.match;
  if (options.cache_directory.empty()) {
    options.cache_directory = DefaultCacheDirectory();
  }
  if (options.cache_directory.empty()) {
    Warn("neither XDG_CACHE_HOME nor HOME is set: give --cache-dir");
    return false;
  }
  options.fetch.proxy.url = Environment("HTTPS_PROXY");
  options.fetch.proxy.no_proxy = Environment("NO_PROXY");
  if (arguments.ca_file.empty()) return true;
  std::ifstream in(arguments.ca_file);
  options.fetch.tls.ca_pem.assign(std::istreambuf_iterator<char>(in), {});
  if (options.fetch.tls.ca_pem.empty()) {
    Warn("cannot read --ca-file " + arguments.ca_file);
  }
  return !options.fetch.tls.ca_pem.empty();
}

void WarnOfSkipped(const advisory::BuildReport& report) {
  for (const auto& [problem, count] : report.skipped) {
    Warn(base::StrCat(count, " advisory records were left out: ", problem));
  }
  for (const std::string& example : report.examples) Warn("  " + example);
}

int ExitStatus(const MatchResult& result, const std::string& fail_on) {
  if (fail_on.empty()) return 0;
  if (result.detection.no_advisory_data) return kExitNoAdvisory;
  const model::Severity threshold = model::SeverityFromString(fail_on);
  const auto& findings = result.detection.findings;
  return std::any_of(findings.begin(), findings.end(),
                     [&](const model::Finding& finding) {
                       return finding.severity >= threshold;
                     })
             ? kExitThreshold
             : 0;
}

int RunReplay(const MatchResult& result, const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string earlier(std::istreambuf_iterator<char>(in), {});
  if (!in) {
    Warn("cannot read --replay " + path);
    return kExitFailed;
  }
  const absl::StatusOr<ReplayResult> replay = Replay(earlier, result);
  if (!replay.ok()) {
    Warn(std::string(replay.status().message()));
    return kExitFailed;
  }
  for (const std::string& difference : replay->differences) {
    std::cout << difference << "\n";
  }
  if (!replay->differences.empty()) return kExitDiffers;
  std::cout << replay->findings << " findings, every byte the same\n";
  return 0;
}

int Run(Arguments& arguments) {
  if (!Complete(arguments)) return kExitFailed;
  const absl::StatusOr<MatchResult> result = Match(arguments.match);
  if (!result.ok()) {
    Warn(std::string(result.status().message()));
    return kExitFailed;
  }
  if (!arguments.replay.empty()) return RunReplay(*result, arguments.replay);
  WarnOfSkipped(result->report);
  if (result->detection.no_advisory_data) {
    Warn("NoAdvisoryData: nothing was matched, so no findings means nothing");
  }
  std::cout << (arguments.format == "json" ? ToJson(*result)
                                           : ToTable(*result));
  if (!std::cout.flush()) {
    Warn("the result cannot be written");
    return kExitFailed;
  }
  return ExitStatus(*result, arguments.fail_on);
}

constexpr char kFooter[] =
    "Exit status: 0 matched (with findings or without), 1 the inventory or "
    "the\n"
    "advisories could not be read, 2 wrong usage; with --fail-on also 3 a\n"
    "finding of that severity or worse, 4 no advisory data for the system;\n"
    "with --replay 5 something else came out.\n\n"
    "  landwaiter-agent inspect IMAGE --format json |\n"
    "    landwaiter-analyzer match --inventory - --advisories osv/Debian.zip\n";

}  // namespace

void AddCommand(CLI::App& app, int& exit_status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "match",
      "Matches an image's inventory with advisories, without a server.");
  command
      ->add_option("--inventory", arguments->match.inventory,
                   "what `landwaiter-agent inspect --format json` printed; - "
                   "is standard input")
      ->required()
      ->type_name("FILE|-");
  command
      ->add_option("--advisories", arguments->match.advisories,
                   "OSV records: a directory of .json and .zip files, a file "
                   "of either kind, or the http(s) URL of a zip; may be given "
                   "more than once")
      ->type_name("DIR|FILE|URL...");
  command
      ->add_option("--database", arguments->match.database,
                   "a database that was built before, instead of --advisories")
      ->type_name("FILE");
  command
      ->add_option("--replay", arguments->replay,
                   "what --format json printed earlier of this inventory and "
                   "these advisories: says whether the same comes out, byte "
                   "for byte, instead of printing it")
      ->type_name("FILE");
  command->add_option("--format", arguments->format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  command
      ->add_option("--fail-on", arguments->fail_on,
                   "exit with 3 if a finding is this severe or worse: low, "
                   "medium, high or critical")
      ->check(CLI::IsMember({"low", "medium", "high", "critical"}));
  command
      ->add_option("--cache-dir", arguments->match.cache_directory,
                   "where advisories are kept ready to be looked up; default "
                   "$XDG_CACHE_HOME/landwaiter or ~/.cache/landwaiter")
      ->type_name("DIR");
  command
      ->add_option("--ca-file", arguments->ca_file,
                   "certificates to trust for https instead of the system's "
                   "(HTTPS_PROXY and NO_PROXY are honoured)")
      ->type_name("FILE");
  command->footer(kFooter);
  command->callback([arguments, &exit_status] {
    const MatchOptions& match = arguments->match;
    if (match.advisories.empty() == match.database.empty()) {
      throw CLI::ValidationError("--advisories",
                                 "give either this or --database");
    }
    exit_status = Run(*arguments);
  });
}

}  // namespace landwaiter::analyzer::match
