#include "agent/worker/sandbox.h"

#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "agent/worker/protocol.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::worker {
namespace {

// What reading, writing, memory, the clock and ending take. (abort() takes the
// signals: a crash should look like one.)
constexpr int kAllowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(pread64),
    SCMP_SYS(pwrite64),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(getrandom),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

// Denied with EACCES rather than death.
constexpr int kDenied[] = {
    SCMP_SYS(open),       SCMP_SYS(openat),    SCMP_SYS(openat2),
    SCMP_SYS(access),     SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    SCMP_SYS(stat),       SCMP_SYS(lstat),     SCMP_SYS(fstat),
    SCMP_SYS(newfstatat), SCMP_SYS(statx),     SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
};

// Kill even a build with sanitizers.
constexpr int kKilled[] = {
    SCMP_SYS(socket),   SCMP_SYS(connect), SCMP_SYS(bind),     SCMP_SYS(execve),
    SCMP_SYS(execveat), SCMP_SYS(unlink),  SCMP_SYS(unlinkat),
};

absl::Status SystemError(std::string_view what, int error) {
  return base::Failure(base::FailureCode::kInternal,
                       base::StrCat("cannot enter the worker's sandbox: ", what,
                                    ": ", std::string_view(strerror(error))));
}

// `more`: how far the hard limit is above the other one.
absl::Status Limit(int resource, std::string_view name, rlim_t value,
                   rlim_t more = 0) {
  const rlimit limit = {value, value + more};
  if (setrlimit(static_cast<__rlimit_resource_t>(resource), &limit) != 0) {
    return SystemError(name, errno);
  }
  return absl::OkStatus();
}

absl::Status LimitResources(const layer::Limits& limits) {
  LANDWAITER_RETURN_IF_ERROR(Limit(RLIMIT_CORE, "RLIMIT_CORE", 0));
  LANDWAITER_RETURN_IF_ERROR(Limit(RLIMIT_NPROC, "RLIMIT_NPROC", 0));
  LANDWAITER_RETURN_IF_ERROR(
      Limit(RLIMIT_FSIZE, "RLIMIT_FSIZE", limits.file_bytes));
  const int64_t seconds = absl::ToInt64Seconds(limits.deadline);
  // SIGXCPU, which says what happened, comes before the hard limit's SIGKILL.
  LANDWAITER_RETURN_IF_ERROR(
      Limit(RLIMIT_CPU, "RLIMIT_CPU", static_cast<rlim_t>(seconds) + 1, 1));
  if (!kWholeSandbox) return absl::OkStatus();
  LANDWAITER_RETURN_IF_ERROR(
      Limit(RLIMIT_NOFILE, "RLIMIT_NOFILE", kLastDescriptor + 1));
  return Limit(RLIMIT_DATA, "RLIMIT_DATA", limits.memory_bytes);
}

struct ReleaseFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

template <size_t kSize>
absl::Status AddRules(const Filter& filter, uint32_t action,
                      const int (&calls)[kSize]) {
  for (const int call : calls) {
    // A call that this machine does not have is not a fault.
    const int result = seccomp_rule_add(filter.get(), action, call, 0);
    if (result != 0 && result != -EDOM) {
      return SystemError("seccomp_rule_add", -result);
    }
  }
  return absl::OkStatus();
}

// Rules that look at arguments.
absl::Status AddNarrowRules(const Filter& filter) {
  // Memory that is neither a file's nor executable, nor of the kinds that
  // RLIMIT_DATA does not count.
  constexpr uint64_t kKind =
      MAP_TYPE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_LOCKED;
  int result = seccomp_rule_add(
      filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
      SCMP_A3(SCMP_CMP_MASKED_EQ, kKind, MAP_PRIVATE | MAP_ANONYMOUS));
  if (result == 0) {
    result = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(mprotect),
                              1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  }
  // Signals for itself alone: abort() sends one.
  if (result == 0) {
    result = seccomp_rule_add(
        filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
        SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid())));
  }
  return result == 0 ? absl::OkStatus()
                     : SystemError("seccomp_rule_add", -result);
}

absl::Status FilterSystemCalls() {
  const Filter filter(
      seccomp_init(kWholeSandbox ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ALLOW));
  if (filter == nullptr) return SystemError("seccomp_init", ENOMEM);
  // Calls by the numbers of another architecture (32-bit, x32).
  const int other = seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH,
                                     SCMP_ACT_KILL_PROCESS);
  if (other != 0) return SystemError("seccomp_attr_set", -other);
  if (kWholeSandbox) {
    LANDWAITER_RETURN_IF_ERROR(AddRules(filter, SCMP_ACT_ALLOW, kAllowed));
    LANDWAITER_RETURN_IF_ERROR(AddNarrowRules(filter));
  } else {
    LANDWAITER_RETURN_IF_ERROR(
        AddRules(filter, SCMP_ACT_KILL_PROCESS, kKilled));
  }
  LANDWAITER_RETURN_IF_ERROR(AddRules(filter, SCMP_ACT_ERRNO(EACCES), kDenied));
  const int result = seccomp_load(filter.get());
  return result == 0 ? absl::OkStatus() : SystemError("seccomp_load", -result);
}

}  // namespace

absl::Status EnterSandbox(const layer::Limits& limits) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 ||
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return SystemError("prctl", errno);
  }
  // What the parent left open beside what it gave.
  if (close_range(kLastDescriptor + 1, ~0U, 0) != 0) {
    return SystemError("close_range", errno);
  }
  LANDWAITER_RETURN_IF_ERROR(LimitResources(limits));
  return FilterSystemCalls();
}

}  // namespace landwaiter::agent::worker
