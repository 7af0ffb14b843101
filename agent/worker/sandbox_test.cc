// What a parser that a hostile layer has taken over can do: nothing. Built
// without sanitizers in every preset, since they need a weaker sandbox; it is
// its own worker, which commits one act and says what came of it. The acts are
// in this program alone.
#include "agent/worker/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "agent/worker/child_process.h"
#include "agent/worker/protocol.h"
#include "agent/worker/testing/hostile_acts.h"
#include "agent/worker/testing/runtime_default.h"

namespace landwaiter::agent::worker {
namespace {

using testing::DeniedActs;
using testing::ForbiddenActs;
using testing::HostileAct;

static_assert(kWholeSandbox, "this test is about the whole sandbox");

enum class Place { kPlain, kRuntimeDefault };

constexpr absl::Duration kPatience = absl::Seconds(100);

// Acts that are about limits rather than calls.
long EatMemory() {
  // Kept, so that the compiler does not leave it out.
  static std::vector<char*> all;
  all.reserve(10'000);
  for (int i = 0; i < 10'000; ++i) {
    char* const piece = static_cast<char*>(malloc(1 << 20));
    if (piece == nullptr) return i;
    memset(piece, 1, 1 << 20);
    all.push_back(piece);
  }
  return 10'000;
}

long Spin() {
  volatile bool forever = true;
  while (forever) {
  }
  return 0;
}

long OpenDescriptors() {
  long open = 0;
  for (int fd = 0; fd < 2000; ++fd) {
    // Neither can be done with one that is closed.
    if (read(fd, nullptr, 0) == 0 || write(fd, "", 0) == 0) ++open;
  }
  return open;
}

const std::vector<HostileAct>& OtherActs() {
  static const auto* acts = new std::vector<HostileAct>{
      {"nothing", [] { return 42L; }},
      {"eatMemory", EatMemory},
      {"spin", Spin},
      {"descriptors", OpenDescriptors},
      {"abort", []() -> long { abort(); }},
      {"hugeFile",
       [] { return long{pwrite(kSpillDescriptor, "x", 1, off_t{1} << 40)}; }},
  };
  return *acts;
}

layer::Limits TestLimits() {
  layer::Limits limits;
  limits.deadline = absl::Seconds(1);
  return limits;
}

// The worker's side: "RESULT ERRNO".
[[noreturn]] void Commit(std::string_view name, bool confined) {
  long (*act)() = nullptr;
  for (const auto& acts : {ForbiddenActs(), DeniedActs(), OtherActs()}) {
    for (const HostileAct& each : acts) {
      if (each.name == name) act = each.act;
    }
  }
  if (act == nullptr) _exit(3);
  if (confined && !testing::EnterRuntimeDefault()) _exit(4);
  if (!EnterSandbox(TestLimits()).ok()) _exit(5);
  errno = 0;
  const long result = act();
  const std::string text =
      std::to_string(result) + " " + std::to_string(result < 0 ? errno : 0);
  const bool told = write(STDOUT_FILENO, text.data(), text.size()) ==
                    static_cast<ssize_t>(text.size());
  _exit(told ? 0 : 6);
}

// A worker as the agent starts one.
absl::StatusOr<ChildProcess> Start(std::string_view act, Place place) {
  const Descriptor spill(memfd_create("spill", MFD_CLOEXEC));
  const Descriptor files(memfd_create("files", MFD_CLOEXEC));
  return ChildProcess::Start(
      {"/proc/self/exe", place == Place::kPlain ? "commit" : "commitConfined",
       std::string(act)},
      {spill.get(), files.get()});
}

struct End {
  int signal = 0;  // that ended it
  int status = -1;
  std::string said;
};

End EndOf(std::string_view act, Place place) {
  auto child = Start(act, place);
  EXPECT_TRUE(child.ok()) << child.status();
  if (!child.ok()) return {};
  const auto said =
      child->ReadAll(1000, absl::Now() + kPatience, absl::InfiniteDuration());
  EXPECT_TRUE(said.ok()) << said.status();
  const int status = child->Wait();
  return {WIFSIGNALED(status) ? WTERMSIG(status) : 0,
          WIFEXITED(status) ? WEXITSTATUS(status) : -1, said.value_or("")};
}

std::string NameOf(Place place) {
  return place == Place::kPlain ? "plain" : "runtimeDefault";
}

class SandboxTest
    : public ::testing::TestWithParam<std::tuple<HostileAct, Place>> {
 public:
  static std::string Name(
      const ::testing::TestParamInfo<SandboxTest::ParamType>& info) {
    return std::string(std::get<0>(info.param).name) + "_" +
           NameOf(std::get<1>(info.param));
  }
};

using ForbiddenActTest = SandboxTest;
TEST_P(ForbiddenActTest, EndsTheWorker) {
  const auto& [act, place] = GetParam();
  const End end = EndOf(act.name, place);
  EXPECT_EQ(end.signal, SIGSYS) << "status " << end.status << ", " << end.said;
  EXPECT_EQ(end.said, "");
}
INSTANTIATE_TEST_SUITE_P(
    Sandbox, ForbiddenActTest,
    ::testing::Combine(::testing::ValuesIn(ForbiddenActs()),
                       ::testing::Values(Place::kPlain,
                                         Place::kRuntimeDefault)),
    SandboxTest::Name);

using DeniedActTest = SandboxTest;
TEST_P(DeniedActTest, HasNoAccess) {
  const auto& [act, place] = GetParam();
  const End end = EndOf(act.name, place);
  EXPECT_EQ(end.status, 0) << "signal " << end.signal;
  EXPECT_EQ(end.said, "-1 " + std::to_string(EACCES));
}
INSTANTIATE_TEST_SUITE_P(
    Sandbox, DeniedActTest,
    ::testing::Combine(::testing::ValuesIn(DeniedActs()),
                       ::testing::Values(Place::kPlain,
                                         Place::kRuntimeDefault)),
    SandboxTest::Name);

class SandboxPlaceTest : public ::testing::TestWithParam<Place> {};

TEST_P(SandboxPlaceTest, HarmlessWorkIsDone) {
  const End end = EndOf("nothing", GetParam());
  EXPECT_EQ(end.status, 0) << "signal " << end.signal;
  EXPECT_EQ(end.said, "42 0");
}

TEST_P(SandboxPlaceTest, ACrashLooksLikeOne) {
  EXPECT_EQ(EndOf("abort", GetParam()).signal, SIGABRT);
}

TEST_P(SandboxPlaceTest, MemoryEndsAtItsLimit) {
  const End end = EndOf("eatMemory", GetParam());
  EXPECT_EQ(end.status, 0) << "signal " << end.signal;
  const int mebibytes = atoi(end.said.c_str());
  EXPECT_GT(mebibytes, 50);
  EXPECT_LE(mebibytes, 96);
}

TEST_P(SandboxPlaceTest, ProcessorTimeEndsWithASignalThatSaysSo) {
  EXPECT_EQ(EndOf("spin", GetParam()).signal, SIGXCPU);
}

TEST_P(SandboxPlaceTest, AFileEndsAtItsLimit) {
  EXPECT_EQ(EndOf("hugeFile", GetParam()).signal, SIGXFSZ);
}

TEST_P(SandboxPlaceTest, OnlyTheWorkersOwnDescriptorsAreOpen) {
  // A careless agent: these are inherited unless somebody closes them.
  const Descriptor socket_of_agent(socket(AF_INET, SOCK_STREAM, 0));
  const Descriptor high(fcntl(socket_of_agent.get(), F_DUPFD, 900));
  const Descriptor file(open("/proc/self/environ", O_RDONLY));
  ASSERT_GE(high.get(), 900);
  EXPECT_EQ(EndOf("descriptors", GetParam()).said,
            std::to_string(kLastDescriptor + 1) + " 0");
}

INSTANTIATE_TEST_SUITE_P(Sandbox, SandboxPlaceTest,
                         ::testing::Values(Place::kPlain,
                                           Place::kRuntimeDefault),
                         [](const auto& info) { return NameOf(info.param); });

// The only child of this process (or of `parent`), once there is one.
std::string ChildOf(const std::string& parent) {
  const std::string path = "/proc/" + parent + "/task/" + parent + "/children";
  for (int i = 0; i < 2000; ++i) {
    std::string child;
    if (std::ifstream(path) >> child) return child;
    absl::SleepFor(absl::Milliseconds(5));
  }
  return "";
}

// What follows "NAME" on its line of a file in /proc/PID.
std::string LineOf(const std::string& pid, const std::string& file,
                   const std::string& name) {
  std::ifstream in("/proc/" + pid + "/" + file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(name)) return line.substr(name.size());
  }
  return "";
}

bool Confined(const std::string& pid) {
  for (int i = 0; i < 2000; ++i) {
    if (LineOf(pid, "status", "Seccomp:").ends_with("2")) return true;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return false;
}

TEST(Sandbox, TheKernelKnowsAllOfIt) {
  auto child = Start("spin", Place::kPlain);
  ASSERT_TRUE(child.ok()) << child.status();
  const std::string pid = ChildOf(std::to_string(getpid()));
  ASSERT_TRUE(Confined(pid));
  EXPECT_TRUE(LineOf(pid, "status", "NoNewPrivs:").ends_with("1"));
  EXPECT_TRUE(LineOf(pid, "status", "Threads:").ends_with("1"));
  const auto limit = [&pid](const std::string& name) {
    const std::string line = LineOf(pid, "limits", name);
    return atoll(line.c_str());
  };
  EXPECT_EQ(limit("Max core file size"), 0);
  EXPECT_EQ(limit("Max processes"), 0);
  EXPECT_EQ(limit("Max open files"), kLastDescriptor + 1);
  EXPECT_EQ(limit("Max data size"), 96 << 20);
  EXPECT_EQ(limit("Max cpu time"), 2);
}

TEST(Sandbox, ItEndsWithItsParent) {
  const pid_t middle = fork();
  if (middle == 0) {
    auto child = Start("spin", Place::kPlain);
    pause();
    _exit(0);
  }
  const std::string worker = ChildOf(std::to_string(middle));
  ASSERT_NE(worker, "");
  ASSERT_TRUE(Confined(worker));
  kill(middle, SIGKILL);
  waitpid(middle, nullptr, 0);
  // Well before the limit on processor time, which would end it too.
  const absl::Time end = absl::Now() + absl::Milliseconds(1500);
  std::string state = "R";
  while (state != "" && state[0] != 'Z' && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(5));
    state = LineOf(worker, "status", "State:\t");
  }
  EXPECT_TRUE(state == "" || state[0] == 'Z') << state;
}

// Why the worker does not rely on namespaces.
TEST(Sandbox, NamespacesCannotBeMadeUnderRuntimeDefault) {
  EXPECT_EXIT(
      {
        if (!testing::EnterRuntimeDefault()) _exit(1);
        const bool refused = unshare(CLONE_NEWUSER) != 0 && errno == EPERM &&
                             unshare(CLONE_NEWNET) != 0 && errno == EPERM;
        _exit(refused ? 0 : 2);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace landwaiter::agent::worker

int main(int argc, char** argv) {
  const std::string_view mode = argc > 2 ? argv[1] : "";
  if (mode == "commit" || mode == "commitConfined") {
    landwaiter::agent::worker::Commit(argv[2], mode == "commitConfined");
  }
  signal(SIGPIPE, SIG_IGN);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
