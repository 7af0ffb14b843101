#include "agent/worker/testing/runtime_default.h"

#include <grp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

namespace landwaiter::agent::worker::testing {
namespace {

constexpr uid_t kNobody = 65532;

// Docker's documentation lists them as "significant syscalls blocked by the
// default profile"; containerd's profile is the same list.
constexpr const char* kRefused[] = {
    "acct",
    "add_key",
    "bpf",
    "clock_adjtime",
    "clock_settime",
    "delete_module",
    "fanotify_init",
    "finit_module",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fspick",
    "init_module",
    "io_uring_enter",
    "io_uring_register",
    "io_uring_setup",
    "ioperm",
    "iopl",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "lookup_dcookie",
    "mount",
    "mount_setattr",
    "move_mount",
    "move_pages",
    "nfsservctl",
    "open_by_handle_at",
    "open_tree",
    "perf_event_open",
    "personality",
    "pivot_root",
    "process_vm_readv",
    "process_vm_writev",
    "ptrace",
    "quotactl",
    "reboot",
    "request_key",
    "setns",
    "settimeofday",
    "swapoff",
    "swapon",
    "syslog",
    "umount2",
    "unshare",
    "userfaultfd",
    "vhangup",
};

bool Refuse(scmp_filter_ctx filter) {
  for (const char* name : kRefused) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call == __NR_SCMP_ERROR) continue;  // newer than the library
    const int result = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
    if (result != 0 && result != -EDOM) return false;
  }
  constexpr uint64_t kNamespaces = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC |
                                   CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |
                                   CLONE_NEWCGROUP;
  for (uint64_t one = 1; one <= kNamespaces; one <<= 1) {
    if ((kNamespaces & one) == 0) continue;
    if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                         SCMP_A0(SCMP_CMP_MASKED_EQ, one, one)) != 0) {
      return false;
    }
  }
  return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3),
                          0) == 0 &&
         seccomp_load(filter) == 0;
}

}  // namespace

bool EnterRuntimeDefault() {
  if (geteuid() == 0 && (setgroups(0, nullptr) != 0 ||
                         setresgid(kNobody, kNobody, kNobody) != 0 ||
                         setresuid(kNobody, kNobody, kNobody) != 0)) {
    return false;
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  const bool done = filter != nullptr && Refuse(filter);
  seccomp_release(filter);
  return done;
}

}  // namespace landwaiter::agent::worker::testing
