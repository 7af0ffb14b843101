#include "operator/jobs/upload_commands.h"

#include "core/base/strings.h"
#include "operator/jobs/shell.h"

namespace landwaiter::jobs {
namespace {

constexpr char kOnline[] = "# On a host with internet access:";

std::string OnInner(const std::string& host) {
  return base::StrCat("# On a host that reaches ", base::Printable(host),
                      ", with the file:");
}

// A newline would end the comment, and what follows be run.
std::string HostOf(const std::string& target) {
  return target.substr(0, target.find('/'));
}

std::vector<std::string> DockerCommands(const Upload& upload) {
  // Named before it is saved: docker load forgets the name of an image that
  // was pulled by digest.
  const std::string name =
      ShellQuote(base::StrCat("landwaiter-agent:", upload.version));
  const std::string file =
      ShellQuote(base::StrCat("landwaiter-agent-", upload.version, ".tar"));
  const std::string host = HostOf(upload.target);
  std::vector<std::string> lines = {
      kOnline,
      base::StrCat("docker pull ", ShellQuote(upload.image)),
      base::StrCat("docker tag ", ShellQuote(upload.image), " ", name),
      base::StrCat("docker save --output ", file, " ", name),
      OnInner(host),
  };
  if (!upload.https) {
    lines.push_back(base::StrCat("# (dockerd must have ", base::Printable(host),
                                 " among its insecure-registries)"));
  }
  lines.push_back(base::StrCat("docker load --input ", file));
  lines.push_back(
      base::StrCat("docker tag ", name, " ", ShellQuote(upload.target)));
  lines.push_back(base::StrCat("docker login ", ShellQuote(host)));
  lines.push_back(base::StrCat("docker push ", ShellQuote(upload.target)));
  return lines;
}

std::vector<std::string> SkopeoCommands(const Upload& upload) {
  // A dir: keeps every byte of manifests and configs, whatever their format;
  // other archives convert them, and their digests with them.
  const std::string directory =
      base::StrCat("landwaiter-agent-", upload.version);
  const std::string archive = ShellQuote(directory + ".tar");
  const std::string kept = ShellQuote("dir:" + directory);
  const std::string host = HostOf(upload.target);
  constexpr char kCopy[] = "skopeo copy --all --preserve-digests ";
  return {
      kOnline,
      base::StrCat(kCopy, ShellQuote("docker://" + upload.image), " ", kept),
      base::StrCat("tar -cf ", archive, " ", ShellQuote(directory)),
      OnInner(host),
      base::StrCat("tar -xf ", archive),
      base::StrCat("skopeo login ", upload.https ? "" : "--tls-verify=false ",
                   ShellQuote(host)),
      base::StrCat(kCopy, upload.https ? "" : "--dest-tls-verify=false ", kept,
                   " ", ShellQuote("docker://" + upload.target)),
  };
}

}  // namespace

std::vector<std::string> UploadCommands(const Upload& upload) {
  return upload.tool == UploadTool::kDocker ? DockerCommands(upload)
                                            : SkopeoCommands(upload);
}

}  // namespace landwaiter::jobs
