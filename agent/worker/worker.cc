#include "agent/worker/worker.h"

#include <unistd.h>

#include <cerrno>
#include <memory>
#include <new>
#include <string>

#include "agent/worker/protocol.h"
#include "agent/worker/sandbox.h"
#include "core/base/failure.h"

namespace landwaiter::agent::worker {
namespace {

constexpr size_t kPiece = size_t{256} << 10;

bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// Without the exit handlers: there is nothing to tidy up, and libraries'
// handlers may make calls that the sandbox forbids.
[[noreturn]] void End(std::string_view reply) {
  _exit(WriteAll(STDOUT_FILENO, reply) ? 0 : 1);
}

// Made beforehand, for when there is no memory to make it.
const std::string& OutOfMemoryReply() {
  static const auto* reply = new std::string(EncodeReply(base::Failure(
      base::FailureCode::kLimitExceeded,
      "the layer takes more memory than a worker may have", "memory")));
  return *reply;
}
void OnOutOfMemory() { End(OutOfMemoryReply()); }

// Up to `size` bytes; fewer only at the end.
size_t ReadUpTo(char* buffer, size_t size) {
  size_t done = 0;
  while (done < size) {
    const ssize_t got = read(STDIN_FILENO, buffer + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<size_t>(got);
  }
  return done;
}

absl::Status WriteFiles(std::string_view bytes) {
  if (WriteAll(kFilesDescriptor, bytes)) return absl::OkStatus();
  return base::Failure(base::FailureCode::kInternal,
                       "the worker cannot write the list of files");
}

absl::StatusOr<model::LayerReport> ReadLayer(
    const layer::Extractors& extractors, const Request& request) {
  layer::LayerReader reader(extractors, request.limits, kSpillDescriptor,
                            WriteFiles);
  const auto piece = std::make_unique_for_overwrite<char[]>(kPiece);
  while (true) {
    const ssize_t got = read(STDIN_FILENO, piece.get(), kPiece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return base::Failure(base::FailureCode::kInternal,
                           "the worker cannot read the layer");
    }
    if (got == 0) break;
    LANDWAITER_RETURN_IF_ERROR(
        reader.Push({piece.get(), static_cast<size_t>(got)}));
  }
  LANDWAITER_ASSIGN_OR_RETURN(model::LayerReport report, reader.Finish());
  report.blob_digest = request.blob_digest;
  return report;
}

}  // namespace

void RunWorker(const layer::Extractors& extractors) {
  std::string bytes(kRequestBytes, '\0');
  bytes.resize(ReadUpTo(bytes.data(), bytes.size()));
  const absl::StatusOr<Request> request = DecodeRequest(bytes);
  if (!request.ok()) End(EncodeReply(request.status()));
  OutOfMemoryReply();
  const absl::Status sandbox = EnterSandbox(request->limits);
  if (!sandbox.ok()) End(EncodeReply(sandbox));
  std::set_new_handler(OnOutOfMemory);
  // The report is freed before who reads the reply makes one of it.
  End([&] { return EncodeReply(ReadLayer(extractors, *request)); }());
}

}  // namespace landwaiter::agent::worker
