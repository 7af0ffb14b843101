#include "tests/registries/distribution_server.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "absl/time/clock.h"
#include "core/base/strings.h"

namespace landwaiter::test {
namespace {

constexpr absl::Duration kStart = absl::Seconds(30);

// kUser with kPassword, as htpasswd -B writes it; cheap to check (2^4 rounds).
constexpr char kHtpasswd[] =
    "admin:$2b$04$gMHSRuqQ9mowM6/pgEyuvOqfATTRvE0vQ2xjlrkXYDkRH5np5jUBu\n";

}  // namespace

DistributionServer::DistributionServer(const DistributionOptions& options) {
  testing::WriteFile(File("config.yaml"), Config(options));
  url_.scheme = options.certificate ? "https" : "http";
  url_.host = options.address;
  std::vector<std::string> command = options.prefix;
  // No traces: nobody collects them.
  command.insert(command.end(),
                 {"/usr/bin/env", "OTEL_TRACES_EXPORTER=none",
                  FindTool(options.program), "serve", File("config.yaml")});
  auto process = Process::Start(command, File("log"));
  if (!process.ok()) {
    std::cerr << process.status() << std::endl;
    std::abort();
  }
  process_ = *std::move(process);
  AwaitPort();
}

std::string DistributionServer::File(const std::string& name) const {
  return base::StrCat(directory_.path(), "/", name);
}

std::string DistributionServer::Config(
    const DistributionOptions& options) const {
  std::string config = base::StrCat(
      "version: 0.1\n"
      "log: {level: info, formatter: json, accesslog: {disabled: true}}\n"
      "storage: {inmemory: {}, delete: {enabled: true}}\n"
      "http:\n  addr: '",
      options.address, ":0'\n  secret: for one test\n", options.config);
  if (options.htpasswd) {
    testing::WriteFile(File("htpasswd"), kHtpasswd);
    base::StrAppend(&config, "auth: {htpasswd: {realm: test, path: '",
                    File("htpasswd"), "'}}\n");
  }
  if (!options.certificate) return config;
  testing::WriteFile(File("certificate"), options.certificate->certificate);
  testing::WriteFile(File("key"), options.certificate->key);
  std::string tls =
      base::StrCat("  tls:\n    certificate: '", File("certificate"),
                   "'\n    key: '", File("key"), "'\n");
  if (!options.client_ca_pem.empty()) {
    testing::WriteFile(File("client-ca"), options.client_ca_pem);
    base::StrAppend(&tls, "    clientcas: ['", File("client-ca"), "']\n");
  }
  return config.insert(config.find("http:\n") + 6, tls);
}

std::string DistributionServer::Log() const {
  return testing::ReadFile(File("log"));
}

// It was told to take any port, and says which.
void DistributionServer::AwaitPort() {
  const std::string mark = base::StrCat("listening on ", url_.host, ":");
  const absl::Time end = absl::Now() + kStart;
  while (absl::Now() < end && process_.Running()) {
    const std::string log = Log();
    const size_t at = log.find(mark);
    if (at != std::string::npos) {
      url_.port = static_cast<uint16_t>(
          std::strtoul(log.c_str() + at + mark.size(), nullptr, 10));
      return;
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
  std::cerr << "the registry did not start:\n" << Log() << std::endl;
  std::abort();
}

std::string MissingTool(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (FindTool(name).empty()) return name;
  }
  return "";
}

}  // namespace landwaiter::test
