#include "agent/layer/spill_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::layer {
namespace {

// For file systems without O_TMPFILE.
int OpenAndUnlink(const std::string& directory) {
  std::string name = directory + "/landwaiter-spill-XXXXXX";
  const int fd = mkostemp(name.data(), O_CLOEXEC);
  if (fd >= 0) unlink(name.c_str());
  return fd;
}

}  // namespace

absl::StatusOr<SpillFile> SpillFile::Open(const std::string& directory) {
  int fd;
  if (directory.empty()) {
    fd = memfd_create("landwaiter-spill", MFD_CLOEXEC);
  } else {
    fd = open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) fd = OpenAndUnlink(directory);
  }
  if (fd < 0) {
    return base::Failure(base::FailureCode::kInternal,
                         base::StrCat("cannot make a temporary file in \"",
                                      directory, "\": ", strerror(errno)));
  }
  return SpillFile(fd);
}

SpillFile::~SpillFile() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace landwaiter::agent::layer
