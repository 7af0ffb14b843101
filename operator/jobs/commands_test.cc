// The commands that people are told to run: what they say, that a shell reads
// them as they are meant, and that the upload arrives at a real registry.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/base/hash.h"
#include "core/base/strings.h"
#include "operator/jobs/forwarder_commands.h"
#include "operator/jobs/shell.h"
#include "operator/jobs/upload_commands.h"

namespace landwaiter::jobs {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Runs a script with sh in the directory; its exit status and its output.
struct Ran {
  int status = -1;
  std::string output;
};
Ran Sh(const std::string& script, const std::string& directory,
       const char* option = "-e") {
  const std::string file = directory + "/script.sh";
  std::ofstream(file) << script;
  const std::string command =
      base::StrCat("cd ", directory, " && sh ", option, " script.sh 2>&1");
  FILE* pipe = popen(command.c_str(), "r");
  Ran ran;
  char buffer[4096];
  while (size_t got = fread(buffer, 1, sizeof(buffer), pipe)) {
    ran.output.append(buffer, got);
  }
  const int status = pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

std::string Script(const std::vector<std::string>& lines) {
  std::string script;
  for (const std::string& line : lines) base::StrAppend(&script, line, "\n");
  return script;
}

class CommandsTest : public testing::Test {
 protected:
  CommandsTest() : directory_(testing::TempDir() + "/commands") {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }
  void ExpectGoodShell(const std::vector<std::string>& lines) {
    const Ran ran = Sh(Script(lines), directory_, "-n");
    EXPECT_EQ(ran.status, 0) << ran.output;
    for (const std::string& line : lines) {
      EXPECT_LE(line.size(), 1024u);  // of the schema
      EXPECT_THAT(line, Not(HasSubstr("\n")));
    }
    EXPECT_LE(lines.size(), 16u);
  }
  const std::string directory_;
};

TEST_F(CommandsTest, QuotedTextIsOneWordWhateverIsInIt) {
  for (const std::string text :
       {"plain", "", "two words", "it's", "$(touch made)", "`touch made`",
        "a;touch made", "a\ntouch made", "*", "~", "\\", "\"", "-x", "#no",
        "$HOME"}) {
    const Ran ran =
        Sh(base::StrCat("printf '<%s>' ", ShellQuote(text)), directory_);
    EXPECT_EQ(ran.output, base::StrCat("<", text, ">"));
    EXPECT_FALSE(fs::exists(directory_ + "/made")) << text;
  }
  EXPECT_EQ(ShellQuote("registry.example.com:5000/a/b@sha256:0"),
            "registry.example.com:5000/a/b@sha256:0");
}

Upload AnUpload() {
  return {.image = "registry.landwaiter.dev/agent@sha256:ab",
          .version = "0.1.0",
          .target = "harbor.example.com/library/landwaiter-agent:0.1.0"};
}

TEST_F(CommandsTest, DockerNamesTheImageBeforeItIsSaved) {
  const std::vector<std::string> lines = UploadCommands(AnUpload());
  EXPECT_THAT(
      lines,
      ElementsAre(
          "# On a host with internet access:",
          "docker pull registry.landwaiter.dev/agent@sha256:ab",
          "docker tag registry.landwaiter.dev/agent@sha256:ab "
          "landwaiter-agent:0.1.0",
          "docker save --output landwaiter-agent-0.1.0.tar "
          "landwaiter-agent:0.1.0",
          "# On a host that reaches harbor.example.com, with the file:",
          "docker load --input landwaiter-agent-0.1.0.tar",
          "docker tag landwaiter-agent:0.1.0 "
          "harbor.example.com/library/landwaiter-agent:0.1.0",
          "docker login harbor.example.com",
          "docker push harbor.example.com/library/landwaiter-agent:0.1.0"));
  ExpectGoodShell(lines);
}

TEST_F(CommandsTest, WhatIsHostileIsQuoted) {
  for (const UploadTool tool : {UploadTool::kDocker, UploadTool::kSkopeo}) {
    Upload upload = AnUpload();
    upload.tool = tool;
    upload.https = false;
    upload.image = "a'b; touch made #";
    upload.target = "h$(touch made)\ntouch made\n/p q/landwaiter-agent:1";
    const std::vector<std::string> lines = UploadCommands(upload);
    // Neither tool is run: functions stand in for them.
    const std::string none = "docker() { :; }\nskopeo() { :; }\ntar() { :; }\n";
    Sh(none + Script(lines), directory_);
    EXPECT_FALSE(fs::exists(directory_ + "/made")) << Script(lines);
  }
}

TEST_F(CommandsTest, SkopeoKeepsDigestsAndEveryPlatform) {
  Upload upload = AnUpload();
  upload.tool = UploadTool::kSkopeo;
  const std::vector<std::string> lines = UploadCommands(upload);
  EXPECT_THAT(lines,
              Contains("skopeo copy --all --preserve-digests "
                       "docker://registry.landwaiter.dev/agent@sha256:ab "
                       "dir:landwaiter-agent-0.1.0"));
  ExpectGoodShell(lines);
  upload.https = false;
  EXPECT_THAT(Script(UploadCommands(upload)),
              HasSubstr("--dest-tls-verify=false"));
}

api::ImageRegistry Forwarded(const std::string& url, const std::string& ip,
                             int port) {
  api::ImageRegistry registry;
  registry.url = url;
  registry.host = url.substr(url.find("//") + 2);
  registry.connect_ip = ip;
  registry.connect_port = port;
  return registry;
}

TEST_F(CommandsTest, ForwarderLeadsFromItsPortToTheRegistrys) {
  const std::vector<std::string> lines = ForwarderCommands(
      Forwarded("https://harbor.example.com:8443", "10.0.0.7", 18443));
  ExpectGoodShell(lines);
  EXPECT_THAT(lines,
              Contains("firewall-cmd --permanent --add-forward-port=\"port="
                       "18443:proto=tcp:toport=8443:toaddr=$registry\""));
  EXPECT_THAT(lines,
              Contains("iptables -t nat -A PREROUTING -p tcp -m addrtype "
                       "--dst-type LOCAL --dport 18443 -j DNAT "
                       "--to-destination \"$registry:8443\""));
  EXPECT_THAT(lines, Contains("netsh interface portproxy add v4tov4 "
                              "listenport=18443 "
                              "connectaddress=harbor.example.com "
                              "connectport=8443"));
  EXPECT_THAT(lines, Contains("registry=$(getent ahostsv4 harbor.example.com "
                              "| awk 'NR == 1 { print $1 }')"));
}

TEST_F(CommandsTest, ForwarderKnowsTheProtocolsOwnPortAndAddresses) {
  EXPECT_THAT(
      Script(ForwarderCommands(Forwarded("http://10.1.1.1", "10.0.0.7", 0))),
      HasSubstr("listenport=80 connectaddress=10.1.1.1 connectport=80"));
  const auto six = ForwarderCommands(
      Forwarded("https://[2001:db8::1]:5000", "2001:db8::7", 0));
  ExpectGoodShell(six);
  EXPECT_THAT(Script(six), HasSubstr("--to-destination \"[$registry]:5000\""));
  EXPECT_THAT(Script(six), HasSubstr("registry=2001:db8::1"));
}

TEST_F(CommandsTest, NoCommandsWhereNothingCanBeForwarded) {
  EXPECT_THAT(ForwarderCommands(Forwarded("https://a.example", "", 0)),
              IsEmpty());
  EXPECT_THAT(
      ForwarderCommands(Forwarded("https://a&calc.example", "10.0.0.7", 0)),
      IsEmpty());
  EXPECT_THAT(
      ForwarderCommands(Forwarded("https://10.1.1.1", "2001:db8::7", 0)),
      IsEmpty());
}

// A real docker-registry on a port of its own.
class RegistryProcess {
 public:
  explicit RegistryProcess(const std::string& directory) {
    port_ = 20000 + getpid() % 20000;
    const std::string config = directory + "/registry.yaml";
    std::ofstream(config) << "version: 0.1\nlog: {level: error}\nstorage: "
                             "{filesystem: {rootdirectory: "
                          << directory << "/data}}\nhttp: {addr: '" << host()
                          << "'}\n";
    pid_ = fork();
    if (pid_ == 0) {
      const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
      dup2(null, STDOUT_FILENO);
      dup2(null, STDERR_FILENO);
      execl("/usr/bin/docker-registry", "docker-registry", "serve",
            config.c_str(), nullptr);
      _exit(127);
    }
  }
  ~RegistryProcess() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::string host() const { return base::StrCat("127.0.0.1:", port_); }

 private:
  int port_ = 0;
  pid_t pid_ = 0;
};

// An image without layers, as skopeo keeps one.
void MakeImage(const std::string& directory) {
  fs::create_directories(directory);
  const std::string config =
      R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers",)"
      R"("diff_ids":[]},"config":{}})";
  const std::string hex = base::Sha256Hex(config);
  std::ofstream(directory + "/version") << "Directory Transport Version: 1.1\n";
  std::ofstream(directory + "/" + hex) << config;
  std::ofstream(directory + "/manifest.json")
      << R"({"schemaVersion":2,"mediaType":)"
      << R"("application/vnd.oci.image.manifest.v1+json","config":{)"
      << R"("mediaType":"application/vnd.oci.image.config.v1+json","size":)"
      << config.size() << R"(,"digest":"sha256:)" << hex
      << R"("},"layers":[]})";
}

TEST_F(CommandsTest, SkopeoCommandsBringTheImageToARealRegistry) {
  if (!fs::exists("/usr/bin/skopeo") ||
      !fs::exists("/usr/bin/docker-registry")) {
    GTEST_SKIP() << "needs skopeo and docker-registry";
  }
  const RegistryProcess registry(directory_);
  MakeImage(directory_ + "/made");
  const std::string source = registry.host() + "/release/agent:1";
  const std::string push = base::StrCat(
      "for i in 1 2 3 4 5 6 7 8 9; do skopeo --insecure-policy copy "
      "--dest-tls-verify=false dir:made docker://",
      source, " && exit 0; sleep 0.5; done; exit 1");
  const Ran pushed = Sh(push, directory_, "");
  ASSERT_EQ(pushed.status, 0) << pushed.output;

  Upload upload;
  upload.image = source;
  upload.version = "0.1.0";
  upload.target = registry.host() + "/library/landwaiter-agent:0.1.0";
  upload.https = false;
  upload.tool = UploadTool::kSkopeo;
  std::ofstream(directory_ + "/registries.conf")
      << "[[registry]]\nlocation = \"" << registry.host()
      << "\"\ninsecure = true\n";
  std::ofstream(directory_ + "/policy.json")
      << R"({"default":[{"type":"insecureAcceptAnything"}]})";
  // The registry here has no accounts, and this machine no policy file.
  const std::string script = base::StrCat(
      "skopeo() { [ \"$1\" = login ] || command skopeo --policy ", directory_,
      "/policy.json --registries-conf ", directory_,
      "/registries.conf \"$@\"; }\n", Script(UploadCommands(upload)));
  const Ran ran = Sh(script, directory_);
  ASSERT_EQ(ran.status, 0) << ran.output;
  const Ran same =
      Sh(base::StrCat("skopeo inspect --raw --tls-verify=false docker://",
                      upload.target, " | cmp - made/manifest.json"),
         directory_);
  EXPECT_EQ(same.status, 0) << same.output;
}

}  // namespace
}  // namespace landwaiter::jobs
