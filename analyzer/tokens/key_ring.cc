#include "analyzer/tokens/key_ring.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::tokens {
namespace {

using base::StrCat;
using Json = nlohmann::json;

absl::Status WriteSecretFile(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".new";
  ::unlink(temporary.c_str());
  const int file =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::UnavailableError(StrCat("cannot write ", temporary));
  }
  const ssize_t written = ::write(file, text.data(), text.size());
  const bool ok =
      written == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!ok || std::rename(temporary.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(StrCat("cannot write ", path));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<SigningKey>> ParseKeys(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  std::vector<SigningKey> keys;
  if (!json.is_object() || !json.contains("keys") || !json["keys"].is_array()) {
    return absl::InvalidArgumentError("is not a file of token keys");
  }
  for (const Json& entry : json["keys"]) {
    if (!entry.is_object() || !entry.contains("created") ||
        !entry["created"].is_number_integer() || !entry.contains("pem") ||
        !entry["pem"].is_string()) {
      return absl::InvalidArgumentError("is not a file of token keys");
    }
    LANDWAITER_ASSIGN_OR_RETURN(
        SigningKey key,
        SigningKey::FromPem(
            entry["pem"].get<std::string>(),
            absl::FromUnixSeconds(entry["created"].get<int64_t>())));
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

absl::StatusOr<KeyRing> KeyRing::Open(const std::string& path) {
  KeyRing ring(path);
  struct stat info = {};
  if (path.empty() || ::stat(path.c_str(), &info) != 0) return ring;
  if ((info.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        StrCat(path,
               ": others may read it; chmod 600, or remove it for a new "
               "key"));
  }
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  absl::StatusOr<std::vector<SigningKey>> keys = ParseKeys(text.str());
  if (!keys.ok()) return base::WithContext(keys.status(), path);
  ring.keys_ = *std::move(keys);
  return ring;
}

absl::StatusOr<const SigningKey*> KeyRing::Current(absl::Time now,
                                                   absl::Duration rotation,
                                                   absl::Duration keep) {
  if (!keys_.empty() && now - keys_.back().created() < rotation) {
    return &keys_.back();
  }
  LANDWAITER_ASSIGN_OR_RETURN(SigningKey key, SigningKey::Generate(now));
  std::erase_if(keys_, [&](const SigningKey& old) {
    return now - old.created() > rotation + keep;
  });
  // The key before this one may have signed until just now.
  keys_.push_back(std::move(key));
  LANDWAITER_RETURN_IF_ERROR(Save());
  return &keys_.back();
}

const SigningKey* KeyRing::Find(std::string_view kid) const {
  for (const SigningKey& key : keys_) {
    if (key.kid() == kid) return &key;
  }
  return nullptr;
}

absl::Status KeyRing::Save() const {
  if (path_.empty()) return absl::OkStatus();
  Json json = {{"keys", Json::array()}};
  for (const SigningKey& key : keys_) {
    LANDWAITER_ASSIGN_OR_RETURN(const std::string pem, key.ToPem());
    json["keys"].push_back(
        {{"created", absl::ToUnixSeconds(key.created())}, {"pem", pem}});
  }
  return WriteSecretFile(path_, json.dump());
}

}  // namespace landwaiter::analyzer::tokens
