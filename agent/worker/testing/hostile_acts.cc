#include "agent/worker/testing/hostile_acts.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

// Numbers of calls that this system's headers are too old for; they are the
// same on every architecture.
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif

namespace landwaiter::agent::worker::testing {
namespace {

constexpr size_t kPage = 4096;

// Memory that was had before the sandbox.
char* Page() {
  static char* const page =
      static_cast<char*>(mmap(nullptr, kPage, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  return page;
}

void* AsPointer(long number) { return reinterpret_cast<void*>(number); }

long MapAnonymous(int protection, int flags) {
  return syscall(SYS_mmap, nullptr, kPage, protection, flags | MAP_ANONYMOUS,
                 -1, 0);
}

long Clone(unsigned long flags) {
  return syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr);
}

// The calls of a 32-bit program and of an x32 one have other numbers, which a
// filter that forgot about them would take for allowed ones.
#if defined(__x86_64__)
long CallOf32Bit() {
  long result = 0;
  // 5 is open there, and fstat here.
  asm volatile("int $0x80" : "=a"(result) : "a"(5), "b"(0), "c"(0) : "memory");
  return result;
}
long CallOfX32() { return syscall(0x40000000 | SYS_getpid); }
#endif

char* const kNothing[] = {nullptr};

std::vector<HostileAct> Network() {
  return {
      {"socketInet", [] { return syscall(SYS_socket, AF_INET, 1, 0); }},
      {"socketInet6", [] { return syscall(SYS_socket, AF_INET6, 2, 0); }},
      {"socketUnix", [] { return syscall(SYS_socket, AF_UNIX, 1, 0); }},
      {"socketNetlink", [] { return syscall(SYS_socket, AF_NETLINK, 3, 0); }},
      {"socketPacket", [] { return syscall(SYS_socket, AF_PACKET, 3, 0); }},
      {"socketpair",
       [] { return syscall(SYS_socketpair, AF_UNIX, 1, 0, Page()); }},
      {"connect",
       [] { return syscall(SYS_connect, 0, Page(), sizeof(sockaddr_un)); }},
      {"bind",
       [] { return syscall(SYS_bind, 0, Page(), sizeof(sockaddr_un)); }},
      {"listen", [] { return syscall(SYS_listen, 0, 1); }},
      {"accept4", [] { return syscall(SYS_accept4, 0, nullptr, nullptr, 0); }},
      {"sendto",
       [] { return syscall(SYS_sendto, 0, Page(), 1, 0, nullptr, 0); }},
      {"sendmsg", [] { return syscall(SYS_sendmsg, 1, Page(), 0); }},
      {"recvmsg", [] { return syscall(SYS_recvmsg, 0, Page(), 0); }},
      {"ioUringSetup", [] { return syscall(SYS_io_uring_setup, 8, Page()); }},
      {"ioUringEnter",
       [] { return syscall(SYS_io_uring_enter, 3, 1, 0, 0, nullptr, 0); }},
  };
}

std::vector<HostileAct> Files() {
  return {
#ifdef SYS_creat
      {"creat", [] { return syscall(SYS_creat, "/nonexistent/x", 0600); }},
#endif
      {"memfdCreate", [] { return syscall(SYS_memfd_create, "x", 0); }},
      {"memfdSecret", [] { return syscall(SYS_memfd_secret, 0); }},
      {"openByHandleAt",
       [] { return syscall(SYS_open_by_handle_at, AT_FDCWD, Page(), 0); }},
      {"nameToHandleAt",
       [] {
         return syscall(SYS_name_to_handle_at, AT_FDCWD, "/", Page(), Page(),
                        0);
       }},
      {"getdents64", [] { return syscall(SYS_getdents64, 0, Page(), kPage); }},
      {"unlinkat",
       [] { return syscall(SYS_unlinkat, AT_FDCWD, "/nonexistent/x", 0); }},
      {"mkdirat",
       [] { return syscall(SYS_mkdirat, AT_FDCWD, "/nonexistent/x", 0700); }},
      {"mknodat",
       [] {
         return syscall(SYS_mknodat, AT_FDCWD, "/nonexistent/x", S_IFCHR,
                        0x103);
       }},
      {"linkat",
       [] {
         return syscall(SYS_linkat, 3, "", AT_FDCWD, "/nonexistent/x", 0x1000);
       }},
      {"symlinkat",
       [] { return syscall(SYS_symlinkat, "/", AT_FDCWD, "/nonexistent/x"); }},
      {"renameat2",
       [] {
         return syscall(SYS_renameat2, AT_FDCWD, "/nonexistent/x", 0,
                        "/nonexistent/y", 0);
       }},
      {"fchmod", [] { return syscall(SYS_fchmod, 3, 06777); }},
      {"fchown", [] { return syscall(SYS_fchown, 3, 0, 0); }},
      {"ftruncate", [] { return syscall(SYS_ftruncate, 3, 1L << 40); }},
      {"fallocate", [] { return syscall(SYS_fallocate, 3, 0, 0L, 1L << 40); }},
      {"fsetxattr",
       [] { return syscall(SYS_fsetxattr, 3, "user.x", Page(), 1, 0); }},
      {"chdir", [] { return syscall(SYS_chdir, "/"); }},
      {"chroot", [] { return syscall(SYS_chroot, "/"); }},
      {"dup", [] { return syscall(SYS_dup, 0); }},
      {"dup3", [] { return syscall(SYS_dup3, 0, 4, 0); }},
      {"fcntl", [] { return syscall(SYS_fcntl, 0, F_DUPFD, 0); }},
      {"ioctl", [] { return syscall(SYS_ioctl, 0, 0x5412, Page()); }},
      {"pipe2", [] { return syscall(SYS_pipe2, Page(), 0); }},
      {"splice",
       [] { return syscall(SYS_splice, 0, nullptr, 1, nullptr, 1, 0); }},
      {"sendfile", [] { return syscall(SYS_sendfile, 1, 3, nullptr, 1); }},
      {"copyFileRange",
       [] {
         return syscall(SYS_copy_file_range, 3, nullptr, 4, nullptr, 1, 0);
       }},
      {"inotifyInit1", [] { return syscall(SYS_inotify_init1, 0); }},
      {"fanotifyInit", [] { return syscall(SYS_fanotify_init, 0, 0); }},
      {"mount",
       [] {
         return syscall(SYS_mount, "x", "/nonexistent", "tmpfs", 0, nullptr);
       }},
      {"umount2", [] { return syscall(SYS_umount2, "/nonexistent", 0); }},
      {"openTree", [] { return syscall(SYS_open_tree, AT_FDCWD, "/", 0); }},
      {"fsopen", [] { return syscall(SYS_fsopen, "tmpfs", 0); }},
      {"pivotRoot",
       [] { return syscall(SYS_pivot_root, "/", "/nonexistent"); }},
  };
}

std::vector<HostileAct> Processes() {
  return {
#ifdef SYS_fork
      {"fork", [] { return syscall(SYS_fork); }},
      {"vfork", [] { return syscall(SYS_vfork); }},
#endif
      {"cloneProcess", [] { return Clone(SIGCHLD); }},
      {"cloneThread",
       [] { return Clone(CLONE_VM | CLONE_SIGHAND | CLONE_THREAD); }},
      {"cloneNamespace", [] { return Clone(CLONE_NEWUSER | SIGCHLD); }},
      {"clone3",
       [] { return syscall(SYS_clone3, Page(), sizeof(clone_args)); }},
      {"execve",
       [] { return syscall(SYS_execve, "/bin/true", kNothing, kNothing); }},
      {"execveatOfADescriptor",
       [] {
         return syscall(SYS_execveat, 3, "", kNothing, kNothing, AT_EMPTY_PATH);
       }},
      {"unshare", [] { return syscall(SYS_unshare, CLONE_NEWUSER); }},
      {"setns", [] { return syscall(SYS_setns, 0, CLONE_NEWNET); }},
      {"ptraceTraceme",
       [] { return syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); }},
      {"ptraceParent",
       [] { return syscall(SYS_ptrace, PTRACE_ATTACH, 1, 0, 0); }},
      {"killParent", [] { return syscall(SYS_kill, 1, 0); }},
      {"killEverybody", [] { return syscall(SYS_kill, -1, 0); }},
      {"tkillAnother", [] { return syscall(SYS_tkill, 1, 0); }},
      {"tgkillAnother", [] { return syscall(SYS_tgkill, 1, 1, 0); }},
      {"sigqueueAnother",
       [] { return syscall(SYS_rt_sigqueueinfo, 1, 0, Page()); }},
      {"pidfdOpen", [] { return syscall(SYS_pidfd_open, 1, 0); }},
      {"pidfdGetfd", [] { return syscall(SYS_pidfd_getfd, 0, 0, 0); }},
      {"pidfdSendSignal",
       [] { return syscall(SYS_pidfd_send_signal, 0, 0, nullptr, 0); }},
      {"processVmReadv",
       [] {
         return syscall(SYS_process_vm_readv, 1, Page(), 1, Page(), 1, 0);
       }},
      {"processVmWritev",
       [] {
         return syscall(SYS_process_vm_writev, 1, Page(), 1, Page(), 1, 0);
       }},
      {"setpriority", [] { return syscall(SYS_setpriority, 0, 0, -20); }},
      {"schedSetaffinity",
       [] { return syscall(SYS_sched_setaffinity, 0, 8, Page()); }},
      {"getppid", [] { return syscall(SYS_getppid); }},
  };
}

std::vector<HostileAct> Privileges() {
  return {
      {"setuid", [] { return syscall(SYS_setuid, 0); }},
      {"setgroups", [] { return syscall(SYS_setgroups, 0, nullptr); }},
      {"capset", [] { return syscall(SYS_capset, Page(), Page()); }},
      {"prctlDumpable",
       [] { return syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0); }},
      {"prctlParentDeath",
       [] { return syscall(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0); }},
      {"prlimitOfItself",
       [] {
         return syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, Page(), nullptr);
       }},
      {"setrlimit", [] { return syscall(SYS_setrlimit, RLIMIT_CORE, Page()); }},
      {"anotherFilter",
       [] { return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, Page()); }},
      {"personality", [] { return syscall(SYS_personality, 0x0040000); }},
      {"keyctl", [] { return syscall(SYS_keyctl, 0, -3, 0, 0, 0); }},
      {"addKey",
       [] { return syscall(SYS_add_key, "user", "x", Page(), 1, -3); }},
      {"bpf", [] { return syscall(SYS_bpf, 0, Page(), kPage); }},
      {"userfaultfd", [] { return syscall(SYS_userfaultfd, 0); }},
      {"perfEventOpen",
       [] { return syscall(SYS_perf_event_open, Page(), 0, -1, -1, 0); }},
      {"initModule", [] { return syscall(SYS_init_module, Page(), 1, ""); }},
      {"kexecLoad", [] { return syscall(SYS_kexec_load, 0, 0, nullptr, 0); }},
      {"reboot", [] { return syscall(SYS_reboot, 0, 0, 0, nullptr); }},
      {"syslog", [] { return syscall(SYS_syslog, 3, Page(), kPage); }},
  };
}

std::vector<HostileAct> Memory() {
  return {
      {"mmapExecutable",
       [] {
         return MapAnonymous(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE);
       }},
      {"mprotectExecutable",
       [] {
         return syscall(SYS_mprotect, Page(), kPage, PROT_READ | PROT_EXEC);
       }},
      {"pkeyMprotect",
       [] {
         return syscall(SYS_pkey_mprotect, Page(), kPage, PROT_READ | PROT_EXEC,
                        -1);
       }},
      {"mmapOfAFile",
       [] {
         return syscall(SYS_mmap, nullptr, kPage, PROT_READ, MAP_SHARED, 3, 0);
       }},
      // RLIMIT_DATA counts neither of these two.
      {"mmapShared",
       [] { return MapAnonymous(PROT_READ | PROT_WRITE, MAP_SHARED); }},
      {"mmapGrowsDown",
       [] {
         return MapAnonymous(PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_GROWSDOWN);
       }},
      {"mmapLocked",
       [] {
         return MapAnonymous(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_LOCKED);
       }},
      {"mlock", [] { return syscall(SYS_mlock, Page(), kPage); }},
      {"shmget", [] { return syscall(SYS_shmget, IPC_PRIVATE, kPage, 0600); }},
      {"shmat", [] { return syscall(SYS_shmat, 0, AsPointer(0), 0); }},
      {"msgget", [] { return syscall(SYS_msgget, IPC_PRIVATE, 0600); }},
      {"mqOpen", [] { return syscall(SYS_mq_open, "/x", O_RDWR, 0, 0); }},
      {"timerCreate",
       [] { return syscall(SYS_timer_create, 0, nullptr, Page()); }},
      {"epollCreate1", [] { return syscall(SYS_epoll_create1, 0); }},
      {"eventfd2", [] { return syscall(SYS_eventfd2, 0, 0); }},
#if defined(__x86_64__)
      {"callOf32Bit", CallOf32Bit},
      {"callOfX32", CallOfX32},
#endif
      {"callThatDoesNotExist", [] { return syscall(4000); }},
  };
}

}  // namespace

const std::vector<HostileAct>& ForbiddenActs() {
  static const auto* acts = [] {
    Page();
    auto* all = new std::vector<HostileAct>;
    for (const auto& some :
         {Network(), Files(), Processes(), Privileges(), Memory()}) {
      all->insert(all->end(), some.begin(), some.end());
    }
    return all;
  }();
  return *acts;
}

const std::vector<HostileAct>& DeniedActs() {
  static const auto* acts = new std::vector<HostileAct>{
#ifdef SYS_open
      {"open", [] { return syscall(SYS_open, "/etc/passwd", O_RDONLY); }},
      {"stat", [] { return syscall(SYS_stat, "/etc/passwd", Page()); }},
      {"readlink",
       [] { return syscall(SYS_readlink, "/proc/self/exe", Page(), kPage); }},
      {"access", [] { return syscall(SYS_access, "/etc/passwd", 0); }},
#endif
      {"openatToRead",
       [] { return syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); }},
      {"openatToWrite",
       [] {
         return syscall(SYS_openat, AT_FDCWD, "/nonexistent/x",
                        O_WRONLY | O_CREAT, 0600);
       }},
      {"openatOfAnUnnamedFile",
       [] {
         return syscall(SYS_openat, AT_FDCWD, "/tmp", O_RDWR | 020200000, 0600);
       }},
      {"openatOfADescriptor",
       [] { return syscall(SYS_openat, AT_FDCWD, "/proc/self/fd/3", O_RDWR); }},
      {"openatOfTheParentsMemory",
       [] { return syscall(SYS_openat, AT_FDCWD, "/proc/1/mem", O_RDWR); }},
      {"openat2",
       [] {
         return syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", Page(), 24);
       }},
      {"newfstatat",
       [] {
#ifdef SYS_newfstatat
         return syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", Page(), 0);
#else
         return syscall(SYS_fstatat, AT_FDCWD, "/etc/passwd", Page(), 0);
#endif
       }},
      {"statx",
       [] {
         return syscall(SYS_statx, AT_FDCWD, "/etc/passwd", 0, 0x7ff, Page());
       }},
      {"faccessat",
       [] { return syscall(SYS_faccessat, AT_FDCWD, "/etc/passwd", 0); }},
      {"readlinkat",
       [] {
         return syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", Page(),
                        kPage);
       }},
  };
  Page();
  return *acts;
}

}  // namespace landwaiter::agent::worker::testing
