#include "operator/run/component_command.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "core/base/strings.h"
#include "core/base/version.h"
#include "operator/config/operator_config.h"
#include "operator/jobs/upload_commands.h"
#include "operator/jobs/uploaded_component.h"

namespace landwaiter::run {
namespace {

constexpr char kConfigInPod[] = "/etc/landwaiter/operator.yaml";

constexpr char kFooter[] =
    "Example:\n"
    "  kubectl exec deploy/landwaiter-operator -- landwaiter-operator \\\n"
    "    component commands --registry harbor.example.com --project library\n"
    "The lines are for a POSIX shell; those that begin with # say on which "
    "host.\n"
    "Logging in asks for the password of an account that may push.";

struct Options {
  std::string registry;
  std::string project;
  std::string image;
  std::string config = kConfigInPod;
  std::string tool = "docker";
  bool http = false;
};

// The image that the release publishes, as the operator itself runs it.
absl::StatusOr<std::string> ImageOf(const Options& options) {
  if (!options.image.empty()) return options.image;
  if (!std::filesystem::exists(options.config)) {
    return absl::NotFoundError(
        base::StrCat("there is no ", options.config,
                     ": name the operator's configuration with --config, or "
                     "the published image with --image"));
  }
  // Only the image is wanted: the namespace does not matter.
  const auto config = config::ReadOperatorConfig(options.config, "default");
  if (!config.ok()) return config.status();
  return config->settings.component.image;
}

// "harbor.example.com" of what a person may have copied from a browser.
std::string HostOf(std::string registry, bool& http) {
  http = http || registry.starts_with("http://");
  if (const size_t scheme = registry.find("://"); scheme != std::string::npos) {
    registry.erase(0, scheme + 3);
  }
  while (registry.ends_with('/')) registry.pop_back();
  return registry;
}

int Run(Options options, std::ostream& out, std::ostream& errors) {
  const auto image = ImageOf(options);
  if (!image.ok()) {
    errors << image.status().message() << "\n";
    return 2;
  }
  api::ImageRegistry registry;
  registry.host = HostOf(options.registry, options.http);
  registry.component_path = options.project;
  const std::string version(base::Version());
  for (const std::string& line : jobs::UploadCommands(
           {.image = *image,
            .version = version,
            .target = jobs::UploadedReference(registry, version),
            .https = !options.http,
            .tool = options.tool == "skopeo" ? jobs::UploadTool::kSkopeo
                                             : jobs::UploadTool::kDocker})) {
    out << line << "\n";
  }
  return 0;
}

}  // namespace

void AddComponentCommand(CLI::App& app, std::ostream& out, std::ostream& errors,
                         int& exit_status) {
  CLI::App* component =
      app.add_subcommand("component", "About the scan component's image.");
  component->require_subcommand(1);
  CLI::App* commands = component->add_subcommand(
      "commands",
      "Write the commands that bring the scan component into a registry, for "
      "ImageRegistries with scanComponent.source: Uploaded.");
  commands->footer(kFooter);
  const auto options = std::make_shared<Options>();
  commands
      ->add_option("--registry", options->registry,
                   "host of the registry, with its port if it has one")
      ->required()
      ->type_name("HOST");
  commands
      ->add_option("--project", options->project,
                   "where to put it: Harbor project, JFrog path, or "
                   "scanComponent.path")
      ->required()
      ->type_name("P");
  commands
      ->add_option("--tool", options->tool,
                   "docker carries the platform of the host that pulls, skopeo "
                   "every platform")
      ->check(CLI::IsMember({"docker", "skopeo"}))
      ->capture_default_str()
      ->type_name("TOOL");
  commands->add_flag("--http", options->http,
                     "the registry speaks http, not https");
  commands
      ->add_option("--image", options->image,
                   "the published image; default: scanPods.image of the "
                   "configuration")
      ->type_name("IMAGE");
  commands
      ->add_option("--config", options->config, "the operator's configuration")
      ->capture_default_str()
      ->type_name("FILE");
  commands->callback([options, &out, &errors, &exit_status] {
    exit_status = Run(*options, out, errors);
  });
}

}  // namespace landwaiter::run
