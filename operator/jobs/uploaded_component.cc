#include "operator/jobs/uploaded_component.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"
#include "nlohmann/json.hpp"
#include "operator/jobs/job_contract.h"

namespace landwaiter::jobs {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kImageName = "landwaiter-agent";

std::string FileOf(const SecretFiles& files, std::string_view name) {
  const auto it = files.find(std::string(name));
  return it == files.end() ? std::string() : it->second;
}

}  // namespace

std::string UploadedRepository(const api::ImageRegistry& registry) {
  return base::StrCat(registry.component_path, "/", kImageName);
}

std::string UploadedReference(const api::ImageRegistry& registry,
                              std::string_view version,
                              std::string_view digest) {
  const std::string name =
      base::StrCat(registry.host, "/", UploadedRepository(registry));
  return digest.empty() ? base::StrCat(name, ":", version)
                        : base::StrCat(name, "@", digest);
}

bool NeedsPullSecret(const api::ImageRegistry& registry) {
  return IsUploaded(registry) &&
         (!registry.credentials_secret.empty() || !registry.tokens.empty());
}

std::string PullConfig(const api::ImageRegistry& registry,
                       const SecretFiles& files) {
  std::string username = FileOf(files, kUsernameFile);
  std::string password = FileOf(files, kPasswordFile);
  if (username.empty() && !registry.tokens.empty()) {
    // Quay has a name of its own for tokens; GitLab takes any.
    username = registry.type == "Quay" ? "$oauthtoken" : "landwaiter";
    password = FileOf(files, base::StrCat(kScopedTokenPrefix, 0));
  }
  const std::string auth =
      absl::Base64Escape(base::StrCat(username, ":", password));
  // Not JSON of the password itself: it need not be UTF-8.
  const Json config = {{"auths", {{registry.host, {{"auth", auth}}}}}};
  return config.dump();
}

}  // namespace landwaiter::jobs
