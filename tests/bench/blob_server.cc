#include "tests/bench/blob_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <thread>

namespace landwaiter::bench {
namespace {

constexpr std::string_view kPing = "/v2/";
constexpr std::string_view kBlobs = "/v2/bench/blobs/sha256:";
constexpr std::string_view kManifests = "/v2/bench/manifests/";

// The file that a request is for; empty if it is for none.
std::string FileFor(const BenchImage& image, std::string_view target) {
  const std::string blobs = image.directory + "/blobs/sha256/";
  if (target.starts_with(kManifests)) return blobs + image.manifest.substr(7);
  if (!target.starts_with(kBlobs)) return "";
  return blobs + std::string(target.substr(kBlobs.size()));
}

using Counter = std::atomic<uint64_t>;

bool Send(int connection, std::string_view bytes, Counter& sent) {
  sent += bytes.size();
  return send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(bytes.size());
}

bool SendFile(int connection, const std::string& path, bool manifest,
              Counter& sent) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status = {};
  if (file < 0 || fstat(file, &status) != 0) {
    return Send(connection,
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", sent);
  }
  const std::string type = manifest
                               ? "application/vnd.oci.image.manifest.v1+json"
                               : "application/octet-stream";
  bool ok = Send(connection,
                 "HTTP/1.1 200 OK\r\nContent-Type: " + type +
                     "\r\nContent-Length: " + std::to_string(status.st_size) +
                     "\r\n\r\n",
                 sent);
  off_t at = 0;
  while (ok && at < status.st_size) {
    const ssize_t got = sendfile(connection, file, &at,
                                 static_cast<size_t>(status.st_size - at));
    ok = got > 0;
    if (ok) sent += static_cast<uint64_t>(got);
  }
  close(file);
  return ok;
}

// Answers GET requests until the peer closes the connection.
void Serve(const BenchImage& image, int connection, Counter& sent) {
  std::string input;
  char buffer[4096];
  while (true) {
    const size_t end = input.find("\r\n\r\n");
    if (end == input.npos) {
      const ssize_t got = recv(connection, buffer, sizeof(buffer), 0);
      if (got <= 0) break;
      input.append(buffer, static_cast<size_t>(got));
      continue;
    }
    const size_t space = input.find(' ');
    const std::string target =
        input.substr(space + 1, input.find(' ', space + 1) - space - 1);
    input.erase(0, end + 4);
    const bool served =
        target == kPing
            ? Send(connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                   sent)
            : SendFile(connection, FileFor(image, target),
                       std::string_view(target).starts_with(kManifests), sent);
    if (!served) break;
  }
  close(connection);
}

[[noreturn]] void Accept(const BenchImage& image, int listener, Counter& sent) {
  while (true) {
    const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) _exit(1);
    // Else a short answer waits 40 ms for the acknowledgement of its header.
    const int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    std::thread([&image, &sent, connection] {
      Serve(image, connection, sent);
    }).detach();
  }
}

}  // namespace

BlobServer::BlobServer(const BenchImage& image) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || listen(listener, 16) != 0 ||
      getsockname(listener, generic, &size) != 0) {
    std::perror("bench: cannot listen");
    std::exit(1);
  }
  port_ = ntohs(address.sin_port);
  void* const shared = mmap(nullptr, sizeof(Counter), PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) {
    std::perror("bench: cannot share memory");
    std::exit(1);
  }
  sent_ = new (shared) Counter(0);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Accept(image, listener, *sent_);
  }
  close(listener);
}

BlobServer::~BlobServer() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  munmap(sent_, sizeof(Counter));
}

uint64_t BlobServer::TakeBytesSent() { return sent_->exchange(0); }

}  // namespace landwaiter::bench
