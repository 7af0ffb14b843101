#ifndef LANDWAITER_OPERATOR_KUBE_CONFIG_EXEC_PLUGIN_H_
#define LANDWAITER_OPERATOR_KUBE_CONFIG_EXEC_PLUGIN_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "operator/kube/config/token_source.h"

namespace landwaiter::kube {

// A program that a kubeconfig names to get credentials from
// (client.authentication.k8s.io).
struct ExecPlugin {
  std::string api_version;
  std::string command;
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;  // added
};

struct ExecCredential {
  std::string token;
  std::string client_certificate_pem;
  std::string client_key_pem;
  absl::Time expires = absl::InfiniteFuture();
};

// Runs the program without a terminal and reads what it prints, at most 1 MiB
// within `deadline`; it is killed after that. Blocks.
absl::StatusOr<std::string> RunExecPlugin(
    const ExecPlugin& plugin, absl::Duration deadline = absl::Minutes(1));
// Reads an ExecCredential.
absl::StatusOr<ExecCredential> ParseExecCredential(std::string_view json);

// The token of a plug-in, asked for again when it has expired or was refused.
class ExecToken : public TokenSource {
 public:
  using Ask = std::function<absl::StatusOr<ExecCredential>()>;
  // `first` is an answer got already. `clock` outlives it.
  ExecToken(Ask ask, ExecCredential first, base::Clock* clock);
  absl::StatusOr<std::string> Token() override;
  void Refused() override;

 private:
  const Ask ask_;
  base::Clock* const clock_;
  absl::Mutex mutex_;
  ExecCredential credential_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace landwaiter::kube

#endif  // LANDWAITER_OPERATOR_KUBE_CONFIG_EXEC_PLUGIN_H_
