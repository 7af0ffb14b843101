#include "tests/registries/network_row.h"

#include <sched.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "absl/time/clock.h"
#include "core/base/strings.h"
#include "operator/jobs/shell.h"

namespace landwaiter::test {
namespace {

namespace fs = std::filesystem;

std::string NamespaceOf(const std::string& pid) {
  std::error_code gone;
  return fs::read_symlink(base::StrCat("/proc/", pid, "/ns/net"), gone);
}

}  // namespace

bool NetworkRow::Enter() { return unshare(CLONE_NEWNET) == 0; }

Process NetworkRow::Start(const std::string& log) {
  auto process = Process::Start(
      {"/usr/bin/unshare", "--net", "--mount", "sleep", "infinity"}, log);
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (process.ok() && process->Running() && absl::Now() < end) {
    if (NamespaceOf(std::to_string(process->pid())) != NamespaceOf("self")) {
      return *std::move(process);
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
  std::cerr << "no namespace: " << testing::ReadFile(log) << std::endl;
  std::abort();
}

NetworkRow::NetworkRow()
    : forwarder_(Start(directory_.path() + "/log")),
      registry_(Start(directory_.path() + "/log")) {
  const std::string forwarder = std::to_string(forwarder_.pid());
  const std::string registry = std::to_string(registry_.pid());
  const std::string in_registry =
      base::StrCat("nsenter --net=/proc/", registry, "/ns/net ");
  testing::RunCommand(base::StrCat(
      "set -e; ip link set lo up; ip link add agent0 type veth peer name near0 "
      "netns ",
      forwarder,
      "; ip addr add 10.9.1.1/24 dev agent0; ip link set agent0 up"));
  RunInForwarder(
      base::StrCat("ip link set lo up; ip addr add ", kForwarder,
                   "/24 dev near0; ip link set near0 up; "
                   "ip link add far0 type veth peer name registry0 netns ",
                   registry, "; ip addr add ", kForwarderFar,
                   "/24 dev far0; ip link set far0 up"));
  testing::RunCommand(
      base::StrCat("set -e; ", in_registry, "ip link set lo up; ", in_registry,
                   "ip addr add ", kRegistry, "/24 dev registry0; ",
                   in_registry, "ip link set registry0 up"));
}

std::vector<std::string> NetworkRow::In(const Process& process) {
  const std::string proc = base::StrCat("/proc/", process.pid(), "/ns/");
  return {"/usr/bin/nsenter", base::StrCat("--net=", proc, "net"),
          base::StrCat("--mount=", proc, "mnt")};
}

std::string NetworkRow::RunInForwarder(const std::string& script) const {
  std::string command;
  for (const std::string& word : InForwarder()) {
    base::StrAppend(&command, word, " ");
  }
  return testing::RunCommand(
      base::StrCat(command, "sh -ec ", jobs::ShellQuote(script)));
}

void NetworkRow::NameRegistry(const std::string& name) {
  const std::string hosts = directory_.path() + "/hosts";
  testing::WriteFile(hosts, base::StrCat(kRegistry, " ", name, "\n"));
  // Seen in the forwarder's mount namespace alone.
  RunInForwarder(base::StrCat("mount --bind ", hosts, " /etc/hosts"));
}

}  // namespace landwaiter::test
