// How long a whole sync of a large registry takes: a simulated Harbor in this
// process, the real agent and the real analyzer beside it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/clock.h"
#include "core/base/strings.h"
#include "operator/analyzer/grpc_control_client.h"
#include "tests/bench/child.h"
#include "tests/support/certificates.h"
#include "tests/support/registries/harbor/generated.h"
#include "tests/support/registries/harbor/simulator.h"

namespace landwaiter::bench {
namespace {

namespace fs = std::filesystem;
using test::harbor::GeneratedLists;
using test::harbor::Simulator;

const model::Tenant kTenant{.cluster_uid = "bench", .ns = "bench"};
constexpr const char* kRegistry = "registry";
constexpr absl::Duration kLook = absl::Milliseconds(50);
constexpr absl::Duration kPatience = absl::Minutes(30);

struct Options {
  int64_t repositories = 2000;
  int64_t artifacts = 100'000;
  int64_t pushes = 20;
  std::string directory = fs::temp_directory_path() / "landwaiter-bench-sync";
  int port = 28443;
};

void Put(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

std::string ProgramBeside(const char* name) {
  return fs::read_symlink("/proc/self/exe").parent_path() / name;
}

class Bench {
 public:
  explicit Bench(const Options& options);

  // A task that lists everything; false if it did not succeed.
  bool Sync(const char* name);
  GeneratedLists& lists() { return lists_; }

 private:
  void WriteAnalyzerFiles();
  void WriteJob();
  bool Begin(const std::string& task);
  absl::StatusOr<model::TaskStatus> Await(const std::string& task,
                                          Child& agent);

  const Options options_;
  const fs::path directory_;
  base::RealClock clock_;
  test::TestCa ca_;
  GeneratedLists lists_;
  Simulator harbor_{Simulator::Version::kV2, clock_, {}};
  control::GrpcControlClient control_;
  std::unique_ptr<Child> analyzer_;
};

Bench::Bench(const Options& options)
    : options_(options),
      directory_(options.directory),
      lists_(options.repositories, options.artifacts / options.repositories),
      control_({.address = base::StrCat("127.0.0.1:", options.port),
                .server_name = "localhost"}) {
  harbor_.intercept = [this](const test::SeenRequest& request) {
    return lists_.Serve(request);
  };
  fs::remove_all(directory_);
  fs::create_directories(directory_ / "job");
  fs::create_directories(directory_ / "spill");
  fs::create_directories(directory_ / "store");
  WriteAnalyzerFiles();
  analyzer_ = std::make_unique<Child>(
      std::vector<std::string>{ProgramBeside("landwaiter-analyzer"), "serve",
                               "--config", directory_ / "analyzer.yaml"},
      directory_ / "analyzer.log");
}

void Bench::WriteAnalyzerFiles() {
  const test::CertificateAndKey server = ca_.Issue();
  Put(directory_ / "tls.crt", server.certificate);
  Put(directory_ / "tls.key", server.key);
  Put(directory_ / "ca.crt", ca_.CertificatePem());
  Put(directory_ / "analyzer.yaml",
      base::StrCat("server: {listen: '127.0.0.1:", options_.port,
                   "', certificateFile: ", (directory_ / "tls.crt").string(),
                   ", keyFile: ", (directory_ / "tls.key").string(),
                   ", clientCAFile: ", (directory_ / "ca.crt").string(),
                   "}\nhealth: {listen: ''}\nstore: {directory: ",
                   (directory_ / "store").string(), "}\n"));
  const test::CertificateAndKey client =
      ca_.Issue({.common_name = "landwaiter-operator"});
  control_.SetCredentials(
      {ca_.CertificatePem(), client.certificate, client.key});
}

void Bench::WriteJob() {
  const nlohmann::json job = {
      {"registry",
       {{"uid", kRegistry},
        {"name", "bench"},
        {"type", "Harbor"},
        {"url", base::StrCat("http://127.0.0.1:", harbor_.url().port)}}},
      {"allowedAddresses", {"127.0.0.1"}},
      {"analyzer",
       {{"address", base::StrCat("127.0.0.1:", options_.port)},
        {"serverName", "localhost"}}},
      {"spillDirectory", (directory_ / "spill").string()}};
  const fs::path files = directory_ / "job";
  Put(files / "job.json", job.dump());
  Put(files / "username", "admin");
  Put(files / "password", "admin-secret");
  Put(files / "analyzer-ca.crt", ca_.CertificatePem());
}

// Hands the task over, to an analyzer that may be just starting.
bool Bench::Begin(const std::string& task) {
  absl::Status status;
  for (int i = 0; i < 300 && analyzer_->Runs(); ++i) {
    status = control_.ApplyRegistry(
        kTenant, {.uid = kRegistry, .name = "bench", .host = "harbor.bench"});
    if (!absl::IsUnavailable(status)) break;
    clock_.Sleep(kLook);
  }
  if (status.ok()) {
    status = control_
                 .ApplyTask(kTenant, {.uid = task,
                                      .name = task,
                                      .type = model::TaskType::kImageSync,
                                      .registries = {kRegistry},
                                      .parallelism = 64})
                 .status();
  }
  if (status.ok()) {
    const auto token = control_.IssueAgentToken(kTenant, "cluster", kRegistry);
    status = token.status();
    if (token.ok()) Put(directory_ / "job" / "token", token->token);
  }
  if (!status.ok()) {
    std::fprintf(stderr, "bench: %s (%s)\n", status.ToString().c_str(),
                 (directory_ / "analyzer.log").c_str());
  }
  return status.ok();
}

absl::StatusOr<model::TaskStatus> Bench::Await(const std::string& task,
                                               Child& agent) {
  const absl::Time end = clock_.Now() + kPatience;
  while (clock_.Now() < end) {
    agent.Look();
    analyzer_->Look();
    auto status = control_.GetTask(kTenant, task);
    if (!status.ok() || model::IsTerminal(status->phase)) return status;
    clock_.Sleep(kLook);
  }
  return absl::DeadlineExceededError("the task did not end");
}

bool Bench::Sync(const char* name) {
  WriteJob();
  if (!Begin(name)) return false;
  const size_t before = harbor_.Seen().size();
  analyzer_->Look();
  const double analyzer_before = analyzer_->cpu_seconds();
  const absl::Time start = clock_.Now();
  Child agent({ProgramBeside("landwaiter-agent"), "scan", "--job-dir",
               directory_ / "job"},
              directory_ / base::StrCat("agent-", name, ".log"));
  const auto ended = Await(name, agent);
  const absl::Duration took = clock_.Now() - start;
  if (!ended.ok() || ended->phase != model::TaskPhase::kSucceeded) {
    std::fprintf(stderr, "bench: the sync failed: %s\n",
                 ended.ok() ? ended->message.c_str()
                            : ended.status().ToString().c_str());
    return false;
  }
  const auto registry = control_.GetRegistry(kTenant, kRegistry);
  std::printf(
      "%-8s %8.2f s %6zu requests, %llu images in %llu repositories\n"
      "         agent    %6.2f s CPU, peak %.0f MiB\n"
      "         analyzer %6.2f s CPU, peak %.0f MiB\n",
      name, absl::ToDoubleSeconds(took), harbor_.Seen().size() - before,
      static_cast<unsigned long long>(registry.ok() ? registry->images : 0),
      static_cast<unsigned long long>(registry.ok() ? registry->repositories
                                                    : 0),
      agent.cpu_seconds(), agent.peak_mebibytes(),
      analyzer_->cpu_seconds() - analyzer_before, analyzer_->peak_mebibytes());
  std::fflush(stdout);
  return true;
}

int Run(int argc, char** argv) {
  CLI::App app(
      "Measures a whole sync of a simulated Harbor by the real agent and "
      "analyzer, and another after pushes to some of its repositories.");
  Options options;
  app.add_option("--repositories", options.repositories)->capture_default_str();
  app.add_option("--artifacts", options.artifacts, "in all of them together")
      ->capture_default_str();
  app.add_option("--pushes", options.pushes,
                 "repositories that change in between")
      ->capture_default_str();
  app.add_option("--directory", options.directory,
                 "for the analyzer's store and logs; emptied first")
      ->capture_default_str();
  app.add_option("--port", options.port, "of the analyzer")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  Bench bench(options);
  if (!bench.Sync("first")) return 1;
  for (int64_t i = 0; i < options.pushes; ++i) bench.lists().Push(i);
  return bench.Sync("repeated") ? 0 : 1;
}

}  // namespace
}  // namespace landwaiter::bench

int main(int argc, char** argv) { return landwaiter::bench::Run(argc, argv); }
