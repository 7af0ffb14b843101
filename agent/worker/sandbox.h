#ifndef LANDWAITER_AGENT_WORKER_SANDBOX_H_
#define LANDWAITER_AGENT_WORKER_SANDBOX_H_

#include "absl/status/status.h"
#include "agent/layer/limits.h"

namespace landwaiter::agent::worker {

// Whether this build enters the whole sandbox. Sanitizers reserve memory and
// make system calls that it forbids; such builds enter a weaker one, which
// still denies files, sockets and programs.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kWholeSandbox = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
inline constexpr bool kWholeSandbox = false;
#else
inline constexpr bool kWholeSandbox = true;
#endif
#else
inline constexpr bool kWholeSandbox = true;
#endif

// Gives up for good whatever inflating and parsing does not need. Afterwards
// this process can read and write the descriptors it has, allocate up to
// Limits::memory_bytes, and end. It cannot open files or sockets (opening
// gives EACCES, so that libraries that probe for files carry on), start
// programs or threads, or gain privileges; anything else kills it with SIGSYS.
// It signals nobody else, dies with its parent, leaves no core and cannot be
// traced.
//
// Internal if any of that cannot be had: then nothing hostile may be read.
// REQUIRES: one thread.
absl::Status EnterSandbox(const layer::Limits& limits);

}  // namespace landwaiter::agent::worker

#endif  // LANDWAITER_AGENT_WORKER_SANDBOX_H_
