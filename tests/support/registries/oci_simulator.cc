#include "tests/support/registries/oci_simulator.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "core/base/strings.h"

namespace landwaiter::test {

OciSimulator::OciSimulator(RegistryContent initial, const Listen& listen)
    : content(std::move(initial)),
      server(
          [this](const SeenRequest& request) {
            if (!request.target.starts_with("/v2/")) {
              return Answer{404, {}, "404 page not found\n", "text/plain"};
            }
            const Distribution distribution(
                content,
                [this](const SeenRequest& seen, const std::string& scope) {
                  return Authorize(seen, scope);
                });
            return distribution.Serve(request);
          },
          listen) {}

std::optional<Answer> OciSimulator::Authorize(const SeenRequest& request,
                                              const std::string& scope) const {
  const std::string sent = request.Header("Authorization");
  const auto is = [&](std::string_view user) {
    return sent == base::StrCat("Basic ", absl::Base64Escape(base::StrCat(
                                              user, ":", password)));
  };
  if (is("admin")) return std::nullopt;
  if (is("dev")) {
    if (!scope.starts_with("registry:")) return std::nullopt;
    return DistributionError(403, "DENIED", "access to the resource is denied");
  }
  Answer refusal =
      DistributionError(401, "UNAUTHORIZED", "authentication required");
  refusal.headers.emplace_back("WWW-Authenticate", "Basic realm=\"registry\"");
  return refusal;
}

}  // namespace landwaiter::test
