#include "agent/worker/worker_layer_scanner.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "absl/time/clock.h"
#include "agent/layer/in_process_layer_scanner.h"
#include "agent/layer/spill_file.h"
#include "agent/worker/child_process.h"
#include "agent/worker/protocol.h"
#include "core/base/failure.h"
#include "core/base/hex.h"
#include "core/base/strings.h"
#include "core/file_list/entry.h"

namespace landwaiter::agent::worker {
namespace {

using base::FailureCode;

constexpr uint64_t kTarBlock = 512;
// What is handed to the worker at a time: an HTTP client's pieces are small.
constexpr size_t kWriteBytes = size_t{64} << 10;

// What the end of a worker's life says, apart from its reply.
absl::Status CheckEnd(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  if (!WIFSIGNALED(status)) {
    return base::Failure(
        FailureCode::kParserCrashed,
        base::StrCat("the worker ended with status ", WEXITSTATUS(status)));
  }
  const int number = WTERMSIG(status);
  const char* name = sigabbrev_np(number);
  const std::string signal = base::StrCat("SIG", name == nullptr ? "?" : name);
  if (number == SIGXCPU) {
    return base::Failure(FailureCode::kDeadlineExceeded,
                         "the layer took more processor time than allowed");
  }
  return base::Failure(
      FailureCode::kParserCrashed,
      base::StrCat("the worker was ended by ", signal,
                   number == SIGSYS ? ", for a forbidden system call" : ""),
      signal);
}

// Whether what a worker says can be true of what it was given.
absl::Status CheckClaims(const model::LayerReport& report,
                         const model::LayerRef& layer, uint64_t written,
                         const layer::Limits& limits) {
  std::string_view wrong;
  if (report.blob_digest != layer.blob.digest) {
    wrong = "the blob's digest";
  } else if (report.compressed_size != written) {
    wrong = "the compressed size";
  } else if (report.uncompressed_size > limits.inflated_bytes ||
             report.uncompressed_size / limits.ratio >
                 written + limits.ratio_free_bytes) {
    wrong = "the inflated size";
  } else if (report.files.size > limits.file_list_bytes ||
             report.files.count > report.entries ||
             report.files.sha256.size() != 2 * file_list::kSha256Bytes ||
             !base::IsLowerHex(report.files.sha256)) {
    wrong = "the list of files";
  } else if (report.entries > report.uncompressed_size / kTarBlock) {
    wrong = "the number of entries";
  }
  if (wrong.empty()) return absl::OkStatus();
  return base::Failure(
      FailureCode::kParserCrashed,
      base::StrCat("the worker's reply is refused: ", wrong, " cannot be so"));
}

// The compressed list of files that the worker left. It is not looked into
// here: whoever merges layers checks it (core/file_list/reader.h).
absl::StatusOr<std::string> ReadFileList(int fd) {
  // zstd makes nothing that much longer than it was.
  constexpr size_t kLimit = model::kMaxFileListBytes + (size_t{1} << 20);
  constexpr size_t kPiece = size_t{256} << 10;
  std::string list;
  struct stat status = {};
  // Growing step by step would take twice as much.
  if (fstat(fd, &status) == 0) {
    list.reserve(std::min(static_cast<size_t>(status.st_size), kLimit) +
                 kPiece);
  }
  while (true) {
    const size_t size = list.size();
    if (size > kLimit) {
      return base::Failure(FailureCode::kParserCrashed,
                           "the worker's list of files is too long");
    }
    list.resize(size + kPiece);
    const ssize_t got =
        pread(fd, list.data() + size, kPiece, static_cast<off_t>(size));
    list.resize(size + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return base::Failure(FailureCode::kInternal,
                           "the worker's list of files cannot be read");
    }
    if (got == 0) break;
  }
  return list;
}

// Our own words for what went wrong with the child.
absl::Status Translate(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kDeadlineExceeded:
      return base::Failure(FailureCode::kDeadlineExceeded,
                           base::ToStd(status.message()));
    case absl::StatusCode::kResourceExhausted:
      return base::Failure(FailureCode::kLimitExceeded,
                           base::ToStd(status.message()), "reportSize");
    default:
      return status;
  }
}

}  // namespace

absl::StatusOr<model::LayerReport> WorkerLayerScanner::Scan(
    const model::LayerRef& layer, layer::FetchLayer fetch) {
  const layer::Limits& limits = options_.limits;
  const absl::Time deadline = absl::Now() + limits.deadline;
  LANDWAITER_ASSIGN_OR_RETURN(const layer::SpillFile spill,
                              layer::SpillFile::Open(options_.spill_directory));
  LANDWAITER_ASSIGN_OR_RETURN(const layer::SpillFile files,
                              layer::SpillFile::Open(options_.spill_directory));
  LANDWAITER_ASSIGN_OR_RETURN(
      ChildProcess child,
      ChildProcess::Start(options_.command, {spill.fd(), files.fd()}));
  uint64_t written = 0;
  absl::Status to_worker;
  std::string buffer = EncodeRequest({limits, layer.blob.digest});
  const auto flush = [&] {
    to_worker = child.Write(buffer, deadline, limits.idle_deadline);
    buffer.clear();
    return to_worker;
  };
  const absl::Status fetched = fetch([&](std::string_view bytes) {
    written += bytes.size();
    buffer.append(bytes);
    return buffer.size() < kWriteBytes ? absl::OkStatus() : flush();
  });
  if (to_worker.ok() && !fetched.ok()) return fetched;
  if (fetched.ok()) flush().IgnoreError();  // it is in to_worker
  // A worker that reads no more has something to say.
  if (!to_worker.ok() && !absl::IsCancelled(to_worker)) {
    return Translate(to_worker);
  }
  child.CloseInput();
  const absl::StatusOr<std::string> reply =
      child.ReadAll(MaxReplyBytes(), deadline, limits.idle_deadline);
  if (!reply.ok()) return Translate(reply.status());
  LANDWAITER_RETURN_IF_ERROR(CheckEnd(child.Wait()));
  LANDWAITER_ASSIGN_OR_RETURN(model::LayerReport report, DecodeReply(*reply));
  LANDWAITER_ASSIGN_OR_RETURN(report.files.zstd, ReadFileList(files.fd()));
  LANDWAITER_RETURN_IF_ERROR(CheckClaims(report, layer, written, limits));
  LANDWAITER_RETURN_IF_ERROR(layer::CheckDiffId(layer, report));
  return report;
}

}  // namespace landwaiter::agent::worker
