#include "analyzer/advisory/db_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "analyzer/advisory/build.h"
#include "analyzer/advisory/catalog.h"
#include "analyzer/advisory/db_print.h"
#include "analyzer/advisory/diff.h"
#include "analyzer/advisory/oci_artifact.h"
#include "analyzer/advisory/transfer.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::vector<std::string> feeds;
  std::string file, other, output, format = "table";
  std::string state_directory, ca_file;
  bool every_feed = false;
  std::string reference, username, password_file, docker_config;
  bool plain_http = false;
  bool json() const { return format == "json"; }
};

void Warn(std::string_view message) {
  std::cerr << "landwaiter-analyzer: " << message << "\n";
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string ReadText(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A name beside `final_path`, free again when this goes.
class Beside {
 public:
  Beside(const std::string& final_path, std::string_view what)
      : path_(base::StrCat(final_path, ".", getpid(), ".", what)) {
    Remove();
  }
  ~Beside() { Remove(); }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  const std::string& path() const { return path_; }

 private:
  void Remove() const {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const std::string path_;
};

absl::Status Publish(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      base::StrCat("cannot write ", to, ": ", error.message()));
}

absl::StatusOr<http::TlsOptions> Tls(const Arguments& arguments) {
  http::TlsOptions tls;
  if (arguments.ca_file.empty()) return tls;
  tls.ca_pem = ReadText(arguments.ca_file);
  if (!tls.ca_pem.empty()) return tls;
  return absl::NotFoundError(
      base::StrCat("cannot read --ca-file ", arguments.ca_file));
}

http::ProxyOptions Proxy() {
  return {.url = Environment("HTTPS_PROXY"),
          .no_proxy = Environment("NO_PROXY"),
          .username = {},
          .password = {}};
}

absl::Status Print(const std::string& text) {
  std::cout << text;
  if (std::cout.flush()) return absl::OkStatus();
  return absl::ResourceExhaustedError("the result cannot be written");
}

absl::Status Build(const Arguments& arguments) {
  BuildOptions options;
  options.every_feed = arguments.every_feed;
  options.fetch.proxy = Proxy();
  LANDWAITER_ASSIGN_OR_RETURN(options.fetch.tls, Tls(arguments));
  const Beside scratch(arguments.output, "build");
  const std::string directory = arguments.state_directory.empty()
                                    ? scratch.path()
                                    : arguments.state_directory;
  const absl::Time start = absl::Now();
  LANDWAITER_ASSIGN_OR_RETURN(
      BuiltAdvisories built,
      BuildAdvisories(arguments.feeds, directory, options));
  const Beside temporary(arguments.output, "tmp");
  LANDWAITER_RETURN_IF_ERROR(built.db->CopyTo(temporary.path()));
  LANDWAITER_RETURN_IF_ERROR(Publish(temporary.path(), arguments.output));
  for (const FeedState& feed : built.report.feeds) {
    if (!feed.error.empty()) {
      Warn(base::StrCat("feed ", feed.name, " failed: ", feed.error));
    }
  }
  for (const std::string& example : built.report.examples) Warn(example);
  if (arguments.json()) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string info,
                                PrintInfo(*built.db, absl::Now(), true));
    return Print(info);
  }
  return Print(base::StrCat(FeedsTable(built.report.feeds, absl::Now()),
                            "\nVersion  ", built.db->version(), "\nWritten  ",
                            arguments.output, " in ",
                            absl::FormatDuration(absl::Trunc(
                                absl::Now() - start, absl::Milliseconds(1))),
                            "\n"));
}

absl::Status Info(const Arguments& arguments) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto db, AdvisoryDb::Open(arguments.file));
  LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                              PrintInfo(*db, absl::Now(), arguments.json()));
  return Print(text);
}

absl::Status Diff(const Arguments& arguments) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto before,
                              AdvisoryDb::Open(arguments.file));
  LANDWAITER_ASSIGN_OR_RETURN(const auto after,
                              AdvisoryDb::Open(arguments.other));
  LANDWAITER_ASSIGN_OR_RETURN(const Changes changes,
                              CompareDatabases(*before, *after));
  LANDWAITER_ASSIGN_OR_RETURN(const AdvisoryChanges advisories,
                              CompareAdvisories(*before, *after));
  return Print(
      PrintDiff(*before, *after, changes, advisories, arguments.json()));
}

absl::Status Export(const Arguments& arguments) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto db, AdvisoryDb::Open(arguments.file));
  const Beside temporary(arguments.output, "tmp");
  LANDWAITER_ASSIGN_OR_RETURN(const std::string version,
                              ExportDatabase(*db, temporary.path()));
  LANDWAITER_RETURN_IF_ERROR(Publish(temporary.path(), arguments.output));
  return Print(base::StrCat("Version  ", version, "\n"));
}

absl::Status Import(const Arguments& arguments) {
  LANDWAITER_ASSIGN_OR_RETURN(const std::string version,
                              ImportDatabase(arguments.file, arguments.output));
  return Print(base::StrCat("Version  ", version, "\n"));
}

absl::StatusOr<RegistryLogin> Login(const Arguments& arguments,
                                    const std::string& host) {
  if (!arguments.username.empty()) {
    const std::string password = ReadText(arguments.password_file);
    if (password.empty()) {
      return absl::InvalidArgumentError(
          "--username needs a --password-file that can be read");
    }
    return RegistryLogin{arguments.username,
                         std::string(base::Strip(password))};
  }
  const bool asked = !arguments.docker_config.empty();
  std::string path = arguments.docker_config;
  if (!asked) {
    const std::string folder = Environment("DOCKER_CONFIG");
    path = (folder.empty() ? Environment("HOME") + "/.docker" : folder) +
           "/config.json";
  }
  const std::string text = ReadText(path);
  if (text.empty()) {
    if (!asked) return RegistryLogin{};
    return absl::NotFoundError(base::StrCat("cannot read ", path));
  }
  absl::StatusOr<RegistryLogin> login = ReadDockerLogin(text, host);
  if (absl::IsNotFound(login.status())) return RegistryLogin{};
  return login;
}

absl::StatusOr<ArtifactOptions> Artifact(const Arguments& arguments,
                                         const ArtifactReference& reference) {
  ArtifactOptions options;
  options.plain_http = arguments.plain_http;
  options.proxy = Proxy();
  LANDWAITER_ASSIGN_OR_RETURN(options.tls, Tls(arguments));
  LANDWAITER_ASSIGN_OR_RETURN(options.login, Login(arguments, reference.host));
  return options;
}

absl::Status Push(const Arguments& arguments) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto reference,
                              ParseArtifactReference(arguments.reference));
  LANDWAITER_ASSIGN_OR_RETURN(const auto options,
                              Artifact(arguments, reference));
  LANDWAITER_ASSIGN_OR_RETURN(const auto db, AdvisoryDb::Open(arguments.file));
  const Beside stream(arguments.file, "advisories");
  LANDWAITER_ASSIGN_OR_RETURN(const std::string version,
                              ExportDatabase(*db, stream.path()));
  LANDWAITER_ASSIGN_OR_RETURN(
      const std::string digest,
      PushArtifact(reference, stream.path(), version, options));
  return Print(base::StrCat("Version  ", version, "\nDigest   ", digest, "\n"));
}

absl::Status Pull(const Arguments& arguments) {
  LANDWAITER_ASSIGN_OR_RETURN(const auto reference,
                              ParseArtifactReference(arguments.reference));
  LANDWAITER_ASSIGN_OR_RETURN(const auto options,
                              Artifact(arguments, reference));
  const Beside stream(arguments.output, "advisories");
  LANDWAITER_ASSIGN_OR_RETURN(const std::string digest,
                              PullArtifact(reference, stream.path(), options));
  LANDWAITER_ASSIGN_OR_RETURN(const std::string version,
                              ImportDatabase(stream.path(), arguments.output));
  return Print(base::StrCat("Version  ", version, "\nDigest   ", digest, "\n"));
}

void AddFormat(CLI::App& command, Arguments& arguments) {
  command.add_option("--format", arguments.format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
}

void AddFile(CLI::App& command, std::string& file, const char* name,
             const char* what) {
  command.add_option(name, file, what)->required()->type_name("FILE");
}

void AddRegistry(CLI::App& command, Arguments& arguments) {
  command
      .add_option("reference", arguments.reference,
                  "host[:port]/repository[:tag], or @sha256:... to pull")
      ->required()
      ->type_name("REF");
  command.add_option("--username", arguments.username, "the account's name");
  command
      .add_option("--password-file", arguments.password_file,
                  "a file with its password or token")
      ->type_name("FILE");
  command
      .add_option("--docker-config", arguments.docker_config,
                  "docker's credentials; default $DOCKER_CONFIG/config.json or "
                  "~/.docker/config.json")
      ->type_name("FILE");
  command.add_flag("--plain-http", arguments.plain_http,
                   "speak HTTP without TLS");
  command
      .add_option("--ca-file", arguments.ca_file,
                  "certificates to trust instead of the system's (HTTPS_PROXY "
                  "and NO_PROXY are honoured)")
      ->type_name("FILE");
}

std::string FormatsHelp() {
  std::string text = "Formats:\n";
  for (const FeedFormat* format : AllFeedFormats()) {
    base::StrAppend(&text, "  ", format->name(), ": ", format->description(),
                    "\n");
  }
  return text;
}

class Commands {
 public:
  Commands(CLI::App& db, std::shared_ptr<Arguments> arguments, int& exit_status)
      : db_(db), arguments_(std::move(arguments)), exit_status_(exit_status) {}

  CLI::App& Add(const char* name, const char* what,
                std::function<absl::Status(const Arguments&)> run) {
    CLI::App* command = db_.add_subcommand(name, what);
    command->callback([arguments = arguments_, run = std::move(run),
                       &exit_status = exit_status_] {
      const absl::Status status = run(*arguments);
      if (!status.ok()) Warn(base::ToStd(status.message()));
      exit_status = status.ok() ? 0 : 1;
    });
    return *command;
  }

 private:
  CLI::App& db_;
  const std::shared_ptr<Arguments> arguments_;
  int& exit_status_;
};

void AddBuild(Commands& commands, Arguments& arguments) {
  CLI::App& build = commands.Add("build", "Makes a database of feeds.", Build);
  build
      .add_option("--feed", arguments.feeds,
                  "[NAME=]FORMAT:LOCATION, or a path or URL of OSV records; a "
                  "location is a directory, an archive (zip, tar.gz, ...), a "
                  "file or an http(s) URL; may be given more than once")
      ->required()
      ->type_name("FEED...");
  AddFile(build, arguments.output, "--output", "the database");
  build
      .add_option("--state", arguments.state_directory,
                  "where the last good content of each feed is kept: what did "
                  "not change is not read again, a feed that fails keeps what "
                  "it had")
      ->type_name("DIR");
  build.add_flag("--every-feed", arguments.every_feed,
                 "fail if one feed fails");
  build
      .add_option("--ca-file", arguments.ca_file,
                  "certificates to trust for https instead of the system's "
                  "(HTTPS_PROXY and NO_PROXY are honoured)")
      ->type_name("FILE");
  AddFormat(build, arguments);
  build.footer(FormatsHelp());
}

}  // namespace

void AddDbCommands(CLI::App& app, int& exit_status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* db = app.add_subcommand(
      "db", "Makes, shows, compares and carries advisory databases.");
  db->require_subcommand(1);
  Commands commands(*db, arguments, exit_status);
  AddBuild(commands, *arguments);

  CLI::App& info = commands.Add(
      "info", "Shows the feeds of a database, their ages and counts.", Info);
  AddFile(info, arguments->file, "file", "a database");
  AddFormat(info, *arguments);

  CLI::App& diff =
      commands.Add("diff", "Shows which advisories and packages differ.", Diff);
  AddFile(diff, arguments->file, "before", "a database");
  AddFile(diff, arguments->other, "after", "another");
  AddFormat(diff, *arguments);

  CLI::App& exported = commands.Add(
      "export",
      "Writes a database as a stream that every machine can import: equal "
      "content gives equal bytes.",
      Export);
  AddFile(exported, arguments->file, "file", "a database");
  AddFile(exported, arguments->output, "--output", "the stream");

  CLI::App& import = commands.Add(
      "import", "Makes a database of a stream; its hash is checked.", Import);
  AddFile(import, arguments->file, "stream", "what export wrote");
  AddFile(import, arguments->output, "--output", "the database");

  CLI::App& push = commands.Add(
      "push", "Puts a database into a registry, as an OCI artifact.", Push);
  AddFile(push, arguments->file, "file", "a database");
  AddRegistry(push, *arguments);

  CLI::App& pull =
      commands.Add("pull",
                   "Gets a database from a registry; its digest is checked "
                   "before anything is replaced.",
                   Pull);
  AddRegistry(pull, *arguments);
  AddFile(pull, arguments->output, "--output", "the database");
}

}  // namespace landwaiter::analyzer::advisory
