#include "tests/registries/gitea_server.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/time/clock.h"
#include "agent/registry/transport/authorization.h"
#include "core/base/strings.h"
#include "tests/registries/distribution_server.h"

namespace landwaiter::test {
namespace {

constexpr absl::Duration kStart = absl::Seconds(60);

// What Gitea reads is beside its program (dev.d/tools.sh). SQLite without
// waiting for the disk; it may run as root here.
std::string Config(const std::string& directory, const http::Url& url,
                   bool closed) {
  const passwd* user = getpwuid(geteuid());
  const std::string program = FindTool("gitea");
  return base::StrCat(
      "RUN_MODE = prod\nRUN_USER = ", user == nullptr ? "root" : user->pw_name,
      "\nI_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true\nWORK_PATH = ", directory,
      "/work\n[server]\nPROTOCOL = http\nHTTP_ADDR = 127.0.0.1\nHTTP_PORT = ",
      url.port, "\nROOT_URL = ", url.Origin(), "/\nSTATIC_ROOT_PATH = ",
      std::filesystem::path(program).parent_path().string(),
      "\nDISABLE_SSH = true\nOFFLINE_MODE = true\n"
      "[database]\nDB_TYPE = sqlite3\nSQLITE_JOURNAL_MODE = MEMORY\nPATH = ",
      directory,
      "/gitea.db\n[security]\nINSTALL_LOCK = true\n"
      "PASSWORD_HASH_ALGO = pbkdf2$1$16\n"
      "[service]\nREQUIRE_SIGNIN_VIEW = ",
      closed ? "true" : "false",
      "\n[log]\nLEVEL = warn\n[cron]\nENABLED = false\n"
      "[session]\nPROVIDER = memory\n[indexer]\nISSUE_INDEXER_TYPE = db\n");
}

[[noreturn]] void Die(const std::string& why) {
  std::cerr << why << std::endl;
  std::abort();
}

}  // namespace

GiteaServer::GiteaServer(bool closed) {
  // The commands that make accounts want a port too, and use none.
  url_ = {.scheme = "http", .host = "127.0.0.1", .port = 1};
  testing::WriteFile(File("app.ini"), Config(directory_.path(), url_, closed));
  Run({"migrate"});
  for (const std::string& name :
       {std::string(kUser), std::string(kPlainUser)}) {
    std::vector<std::string> create = {"admin",
                                       "user",
                                       "create",
                                       "--username",
                                       name,
                                       "--password",
                                       kPassword,
                                       "--email",
                                       base::StrCat(name, "@example.test"),
                                       "--must-change-password=false"};
    if (name == kUser) create.push_back("--admin");
    Run(std::move(create));
  }
  // The port may be somebody else's by now: then Gitea ends.
  for (int attempt = 0; attempt < 3; ++attempt) {
    url_.port = FreePort();
    testing::WriteFile(File("app.ini"),
                       Config(directory_.path(), url_, closed));
    auto process = Process::Start(Command({"web"}), File("log"));
    if (!process.ok()) Die(process.status().ToString());
    process_ = *std::move(process);
    if (AwaitAnswer()) return;
  }
  Die(base::StrCat("Gitea did not start:\n", testing::ReadFile(File("log"))));
}

std::string GiteaServer::File(const std::string& name) const {
  return base::StrCat(directory_.path(), "/", name);
}

std::vector<std::string> GiteaServer::Command(
    std::vector<std::string> arguments) const {
  const char* path = std::getenv("PATH");
  std::vector<std::string> command = {
      "/usr/bin/env",
      "-i",
      base::StrCat("PATH=", path == nullptr ? "" : path),
      base::StrCat("HOME=", directory_.path()),
      FindTool("gitea"),
      "--config",
      File("app.ini")};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

void GiteaServer::Run(std::vector<std::string> arguments) const {
  auto process = Process::Start(Command(std::move(arguments)), File("log"));
  if (!process.ok()) Die(process.status().ToString());
  const absl::Time end = absl::Now() + kStart;
  while (process->Running()) {
    if (absl::Now() > end) Die(testing::ReadFile(File("log")));
    absl::SleepFor(absl::Milliseconds(10));
  }
}

bool GiteaServer::AwaitAnswer() {
  const auto client = http::NewClient({.base = url_});
  const absl::Time end = absl::Now() + kStart;
  while (absl::Now() < end && process_.Running()) {
    if ((*client)->Send({.target = "/api/v1/version"}).ok()) {
      return process_.Running();
    }
    absl::SleepFor(absl::Milliseconds(50));
  }
  return false;
}

std::string GiteaServer::Post(const std::string& target,
                              const std::string& body) {
  const auto client = http::NewClient({.base = url_});
  const auto response = (*client)->Send(
      {.method = "POST",
       .target = target,
       .headers = agent::registry::BasicHeaders({kUser, kPassword}),
       .body = body,
       .content_type = "application/json"});
  if (!response.ok()) Die(response.status().ToString());
  if (response->status != 201) {
    Die(base::StrCat(target, ": ", response->status, " ", response->body, "\n",
                     testing::ReadFile(File("log"))));
  }
  return response->body;
}

void GiteaServer::MakeOrganization(const std::string& name) {
  Post("/api/v1/orgs", nlohmann::json{{"username", name}}.dump());
}

std::string GiteaServer::MakeToken(const std::vector<std::string>& scopes) {
  std::string name = "token";
  for (const std::string& scope : scopes) base::StrAppend(&name, "-", scope);
  const std::string answer =
      Post(base::StrCat("/api/v1/users/", kUser, "/tokens"),
           nlohmann::json{{"name", name}, {"scopes", scopes}}.dump());
  return nlohmann::json::parse(answer)["sha1"].get<std::string>();
}

}  // namespace landwaiter::test
