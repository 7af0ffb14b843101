#ifndef LANDWAITER_OPERATOR_JOBS_UPLOAD_COMMANDS_H_
#define LANDWAITER_OPERATOR_JOBS_UPLOAD_COMMANDS_H_

#include <string>
#include <vector>

namespace landwaiter::jobs {

enum class UploadTool { kDocker, kSkopeo };

struct Upload {
  std::string image;    // as the release publishes it
  std::string version;  // of the release
  std::string target;   // "harbor.example.com/library/landwaiter-agent:0.1.0"
  bool https = true;    // how the registry is reached
  UploadTool tool = UploadTool::kDocker;
};

// The lines that a person runs: pull and save on a host with internet access;
// load, tag and push on a host that reaches the registry. Lines that begin
// with # say where. Every value is quoted for a POSIX shell; no secret is
// among them (logging in asks for the password).
std::vector<std::string> UploadCommands(const Upload& upload);

}  // namespace landwaiter::jobs

#endif  // LANDWAITER_OPERATOR_JOBS_UPLOAD_COMMANDS_H_
