#include "agent/inspect/command.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "agent/inspect/advice.h"
#include "agent/inspect/docker_credentials.h"
#include "agent/inspect/image_scan.h"
#include "agent/inspect/open_image.h"
#include "agent/inspect/print.h"
#include "agent/inspect/progress.h"
#include "agent/worker/worker_layer_scanner.h"
#include "core/base/clock.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/wire/inventory_json.h"

namespace landwaiter::agent::inspect {
namespace {

constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

constexpr const char* kDescription =
    "List the packages of one image, without a server.\n\n"
    "IMAGE is a name in a registry (debian:12, registry.example:5000/a/b:1,\n"
    "a/b@sha256:...) or a path: oci:DIR[:TAG], oci-archive:FILE[:TAG],\n"
    "docker-archive:FILE[:REFERENCE]; dir:PATH is a directory tree that is\n"
    "read as the root of a system.";
constexpr const char* kFooter =
    "Exit status: 0 the packages were printed; 1 the image could not be read\n"
    "(standard error says why, and what to do); 2 wrong arguments.";

// Values of --format.
constexpr const char* kTable = "table";
constexpr const char* kJson = "json";
constexpr const char* kCycloneDx = "cyclonedx";
constexpr const char* kSpdx = "spdx";

struct Options {
  std::string image;
  std::string format = kTable;
  std::string platform;
  int parallelism = 2;
  bool files = false;
  std::string spill_directory = "/tmp";
  RegistryOptions registry;
  bool anonymous = false;
};

absl::StatusOr<ScannedImage> ReadImage(const Options& options) {
  base::RealClock clock;
  LANDWAITER_ASSIGN_OR_RETURN(
      const OpenedImage image,
      OpenImage(options.image, options.registry, clock));
  worker::WorkerOptions workers;
  workers.spill_directory = options.spill_directory;
  worker::WorkerLayerScanner scanner(std::move(workers));
  Progress progress(clock);
  if (!image.directory.empty()) {
    LANDWAITER_ASSIGN_OR_RETURN(
        ScannedImage scanned,
        ScanDirectory(image.directory, scanner, progress));
    scanned.inventory.reference = image.name;
    return scanned;
  }
  ScanPlan plan;
  plan.reference = image.reference;
  plan.platform = model::Platform::Parse(options.platform);
  plan.parallelism = options.parallelism;
  plan.files = options.files && options.format == kJson;
  LANDWAITER_ASSIGN_OR_RETURN(
      ScannedImage scanned, ScanImage(*image.source, scanner, plan, progress));
  scanned.inventory.reference = image.name;
  return scanned;
}

void Print(const ScannedImage& image, const std::string& format,
           TextSink write) {
  const auto packages = [&image](model::PackageVisitor visit) {
    image.packages.ForEach(visit);
  };
  if (format == kJson) {
    wire::WriteInventoryJson(image.inventory, packages, write);
    write("\n");
  } else if (format == kCycloneDx) {
    PrintCycloneDx(image.inventory, packages, write);
    write("\n");
  } else if (format == kSpdx) {
    PrintSpdx(image.inventory, packages, write);
    write("\n");
  } else {
    PrintTable(image.inventory, packages, write);
  }
}

void PrintError(const Options& options, const absl::Status& status) {
  const std::string cause = base::FailureCauseOf(status);
  const std::string text =
      base::StrCat("landwaiter-agent: ", base::Printable(options.image), ": ",
                   base::Printable(base::ToStd(status.message()), 2000), " (",
                   base::ToString(base::FailureCodeOf(status)),
                   cause.empty() ? "" : base::StrCat(": ", cause), ")\n");
  std::fputs(text.c_str(), stderr);
  const std::string advice(Advice(status));
  if (!advice.empty()) std::fprintf(stderr, "%s\n", advice.c_str());
}

int Run(const Options& options) {
  const absl::StatusOr<ScannedImage> image = ReadImage(options);
  if (!image.ok()) {
    PrintError(options, image.status());
    return absl::IsInvalidArgument(image.status()) ? kWrongUsage : kFailed;
  }
  bool written = true;
  Print(*image, options.format, [&written](std::string_view text) {
    written = written &&
              std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  });
  written = written && std::fflush(stdout) == 0;
  if (written) return 0;
  std::perror("landwaiter-agent: standard output");
  return kFailed;
}

void AddRegistryOptions(CLI::App& command, RegistryOptions& options) {
  auto* username =
      command.add_option("--username", options.username, "registry account")
          ->type_name("NAME");
  auto* password =
      command
          .add_option("--password-file", options.password_file,
                      "file with its password or token (a newline at the end "
                      "is ignored)")
          ->type_name("FILE");
  username->needs(password);
  password->needs(username);
  command.add_flag("--plain-http", options.plain_http,
                   "speak http to the registry, not https");
  command
      .add_option("--ca-file", options.ca_file,
                  "PEM certificates to trust instead of the system's")
      ->type_name("FILE");
  command.add_flag("--insecure-skip-verify", options.insecure_skip_verify,
                   "do not check the registry's certificate");
}

}  // namespace

void AddCommand(CLI::App& app, int& exit_status) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("inspect", kDescription);
  command->footer(kFooter);
  command->add_option("image", options->image, "the image")
      ->required()
      ->type_name("IMAGE");
  command
      ->add_option("--format", options->format,
                   "table, json (an inventory, as landwaiter-analyzer match "
                   "reads it), cyclonedx (1.6, JSON) or spdx (2.3, JSON)")
      ->capture_default_str()
      ->check(CLI::IsMember({kTable, kJson, kCycloneDx, kSpdx}).description(""))
      ->type_name("FORMAT");
  command->add_flag("--files", options->files,
                    "with --format json: every file of the image, too, with "
                    "mode, owner, size and SHA-256");
  command
      ->add_option("--platform", options->platform,
                   "which image of an index, e.g. linux/arm64; default: this "
                   "machine's, or the only one there is")
      ->type_name("OS/ARCH[/VARIANT]");
  command
      ->add_option("--parallelism", options->parallelism,
                   "layers to read at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  command
      ->add_option("--spill-dir", options->spill_directory,
                   "where a worker keeps a large file that it looks into, "
                   "without a name; empty: memory")
      ->capture_default_str()
      ->type_name("DIR");
  AddRegistryOptions(*command, options->registry);
  command->add_flag("--anonymous", options->anonymous,
                    "use no account of docker's or podman's");
  command->callback([options, &exit_status] {
    if (!options->anonymous) {
      options->registry.account_files = DockerConfigFiles();
    }
    exit_status = Run(*options);
  });
}

}  // namespace landwaiter::agent::inspect
