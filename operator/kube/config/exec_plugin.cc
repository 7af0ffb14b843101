#include "operator/kube/config/exec_plugin.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/failure.h"
#include "core/base/subprocess.h"
#include "nlohmann/json.hpp"
#include "operator/kube/object.h"

namespace landwaiter::kube {

absl::StatusOr<std::string> RunExecPlugin(const ExecPlugin& plugin,
                                          absl::Duration deadline) {
  base::ProgramCall call{.arguments = {plugin.command}, .deadline = deadline};
  call.arguments.insert(call.arguments.end(), plugin.arguments.begin(),
                        plugin.arguments.end());
  for (const auto& [name, value] : plugin.environment) {
    call.environment.push_back(absl::StrCat(name, "=", value));
  }
  const Json info = {{"apiVersion", plugin.api_version},
                     {"kind", "ExecCredential"},
                     {"spec", {{"interactive", false}}}};
  call.environment.push_back(
      absl::StrCat("KUBERNETES_EXEC_INFO=", info.dump()));
  LANDWAITER_ASSIGN_OR_RETURN(base::ProgramResult result,
                              base::RunProgram(call));
  if (result.exit_code != 0) {
    return absl::UnauthenticatedError(
        absl::StrCat(plugin.command, " failed with code ", result.exit_code));
  }
  return std::move(result).output;
}

absl::StatusOr<ExecCredential> ParseExecCredential(std::string_view json) {
  const Json answer = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (StringAt(answer, {"kind"}) != "ExecCredential") {
    return absl::UnauthenticatedError(
        "the exec plug-in printed no ExecCredential");
  }
  ExecCredential credential{
      .token = StringAt(answer, {"status", "token"}),
      .client_certificate_pem =
          StringAt(answer, {"status", "clientCertificateData"}),
      .client_key_pem = StringAt(answer, {"status", "clientKeyData"})};
  if (credential.token.empty() && credential.client_certificate_pem.empty()) {
    return absl::UnauthenticatedError(
        "the exec plug-in gave neither a token nor a certificate");
  }
  const std::string expires =
      StringAt(answer, {"status", "expirationTimestamp"});
  if (!expires.empty()) {
    credential.expires = TimeFromText(expires).value_or(absl::InfiniteFuture());
  }
  return credential;
}

ExecToken::ExecToken(Ask ask, ExecCredential first, base::Clock* clock)
    : ask_(std::move(ask)), clock_(clock), credential_(std::move(first)) {}

absl::StatusOr<std::string> ExecToken::Token() {
  absl::MutexLock lock(&mutex_);
  if (clock_->Now() >= credential_.expires) {
    LANDWAITER_ASSIGN_OR_RETURN(credential_, ask_());
  }
  return credential_.token;
}

void ExecToken::Refused() {
  absl::MutexLock lock(&mutex_);
  credential_.expires = absl::InfinitePast();
}

}  // namespace landwaiter::kube
