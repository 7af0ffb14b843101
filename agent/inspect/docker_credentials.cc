#include "agent/inspect/docker_credentials.h"

#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "agent/inspect/small_file.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/base/subprocess.h"

namespace landwaiter::agent::inspect {
namespace {

using nlohmann::json;
using registry::Credentials;

constexpr std::string_view kDockerHub = "https://index.docker.io/v1/";

absl::Status Unusable(std::string_view file, std::string_view why) {
  return absl::InvalidArgumentError(
      base::StrCat("the accounts in \"", file, "\" cannot be used: ", why));
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The host that an entry is about: old ones are URLs.
std::string_view WithoutScheme(std::string_view key) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  }
  while (key.ends_with('/')) key.remove_suffix(1);
  for (const std::string_view version : {"/v1", "/v2"}) {
    if (key.ends_with(version)) key.remove_suffix(version.size());
  }
  return key;
}

// Whether an entry at `key` speaks for `name`, "host/team/app".
bool SpeaksFor(std::string_view key, std::string_view name) {
  key = WithoutScheme(key);
  if (key == "index.docker.io") key = "docker.io";
  return name == key ||
         (name.starts_with(key) && name.substr(key.size()).starts_with('/'));
}

absl::StatusOr<Credentials> ReadEntry(const json& entry,
                                      std::string_view file) {
  if (!entry.is_object()) return Unusable(file, "an entry is no object");
  if (!entry.value("identitytoken", "").empty()) {
    return Unusable(file,
                    "the registry's is an identity token; give an account with "
                    "--username and --password-file");
  }
  Credentials credentials{entry.value("username", ""),
                          entry.value("password", "")};
  const std::string encoded = entry.value("auth", "");
  if (encoded.empty()) return credentials;
  std::string decoded;
  const bool valid = absl::Base64Unescape(encoded, &decoded);
  const auto parts = base::SplitOnce(decoded, ':');
  if (!valid || !parts) {
    return Unusable(file, "an \"auth\" is not base64 of NAME:PASSWORD");
  }
  credentials.username = parts->first;
  credentials.password = parts->second;
  // Old docker filled up with zeros.
  while (credentials.password.ends_with('\0')) credentials.password.pop_back();
  return credentials;
}

// A helper's name becomes a part of a program's.
bool IsHelperName(std::string_view name) {
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                       c == '.';
    if (!plain) return false;
  }
  return !name.empty();
}

// docker-credential-helpers' protocol: the server on standard input, an object
// on standard output; a server that it does not know is a failure with a text.
absl::StatusOr<Credentials> AskHelper(const std::string& name,
                                      std::string_view server,
                                      std::string_view file) {
  if (!IsHelperName(name)) {
    return Unusable(file, "the name of a credential helper is not valid");
  }
  const std::string program = "docker-credential-" + name;
  absl::StatusOr<base::ProgramResult> result =
      base::RunProgram({.arguments = {program, "get"},
                        .input = base::StrCat(server, "\n"),
                        .max_output = 64 << 10});
  if (!result.ok())
    return Unusable(file, base::ToStd(result.status().message()));
  if (result->exit_code != 0) {
    if (base::Contains(result->output, "credentials not found")) {
      return Credentials();
    }
    return Unusable(
        file, base::StrCat(program, " failed with code ", result->exit_code));
  }
  const json answer = json::parse(result->output, nullptr, false);
  if (!answer.is_object()) {
    return Unusable(file, base::StrCat(program, " gave no account"));
  }
  Credentials credentials{answer.value("Username", ""),
                          answer.value("Secret", "")};
  if (credentials.username == "<token>") {
    return Unusable(file, base::StrCat(program, " gave an identity token"));
  }
  return credentials;
}

// The value at the longest key that speaks for `name`.
const json* MostSpecial(const json& config, const char* member,
                        std::string_view name) {
  const auto entries = config.find(member);
  if (entries == config.end() || !entries->is_object()) return nullptr;
  const json* best = nullptr;
  size_t length = 0;
  for (const auto& [key, value] : entries->items()) {
    if (!SpeaksFor(key, name)) continue;
    if (best != nullptr && WithoutScheme(key).size() <= length) continue;
    best = &value;
    length = WithoutScheme(key).size();
  }
  return best;
}

absl::StatusOr<Credentials> FindIn(const json& config, const std::string& file,
                                   std::string_view host,
                                   std::string_view repository) {
  const std::string_view server = host == "docker.io" ? kDockerHub : host;
  if (const json* helper = MostSpecial(config, "credHelpers", host);
      helper != nullptr && helper->is_string()) {
    return AskHelper(helper->get<std::string>(), server, file);
  }
  // With a common helper, docker leaves an empty entry behind.
  const std::string name = base::StrCat(host, "/", repository);
  if (const json* entry = MostSpecial(config, "auths", name)) {
    LANDWAITER_ASSIGN_OR_RETURN(Credentials credentials,
                                ReadEntry(*entry, file));
    if (!credentials.empty()) return credentials;
  }
  const auto store = config.find("credsStore");
  if (store == config.end() || !store->is_string() ||
      store->get_ref<const std::string&>().empty()) {
    return Credentials();
  }
  return AskHelper(store->get<std::string>(), server, file);
}

}  // namespace

std::vector<std::string> DockerConfigFiles() {
  if (std::string only = Environment("REGISTRY_AUTH_FILE"); !only.empty()) {
    return {std::move(only)};
  }
  std::vector<std::string> files;
  if (const std::string run = Environment("XDG_RUNTIME_DIR"); !run.empty()) {
    files.push_back(run + "/containers/auth.json");
  }
  if (const std::string folder = Environment("DOCKER_CONFIG");
      !folder.empty()) {
    files.push_back(folder + "/config.json");
  } else if (const std::string home = Environment("HOME"); !home.empty()) {
    files.push_back(home + "/.docker/config.json");
  }
  return files;
}

absl::StatusOr<Credentials> FindDockerCredentials(
    const std::vector<std::string>& files, std::string_view host,
    std::string_view repository) {
  for (const std::string& file : files) {
    if (access(file.c_str(), F_OK) != 0) continue;
    LANDWAITER_ASSIGN_OR_RETURN(const std::string text, ReadSmallFile(file));
    const json config = json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!config.is_object()) return Unusable(file, "it is no JSON object");
    try {
      LANDWAITER_ASSIGN_OR_RETURN(Credentials credentials,
                                  FindIn(config, file, host, repository));
      if (!credentials.empty()) return credentials;
    } catch (const json::exception&) {
      return Unusable(file, "a member is of another type than it should be");
    }
  }
  return Credentials();
}

}  // namespace landwaiter::agent::inspect
