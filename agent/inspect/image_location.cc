#include "agent/inspect/image_location.h"

#include <unistd.h>

#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::agent::inspect {
namespace {

using Kind = ImageLocation::Kind;

bool Exists(std::string_view path) {
  return access(std::string(path).c_str(), F_OK) == 0;
}

}  // namespace

absl::StatusOr<ImageLocation> ParseImageLocation(std::string_view text) {
  constexpr std::pair<std::string_view, Kind> kTransports[] = {
      {"oci:", Kind::kLayout},
      {"oci-archive:", Kind::kLayoutArchive},
      {"docker-archive:", Kind::kDockerArchive}};
  constexpr std::string_view kDirectory = "dir:";
  if (text.starts_with(kDirectory)) {
    return ImageLocation{Kind::kDirectory,
                         std::string(text.substr(kDirectory.size())), ""};
  }
  for (const auto& [prefix, kind] : kTransports) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view rest = text.substr(prefix.size());
    for (size_t end = rest.size(); end != rest.npos && end != 0;
         end = rest.rfind(':', end - 1)) {
      const std::string_view path = rest.substr(0, end);
      if (!Exists(path)) continue;
      ImageLocation location = {kind, std::string(path), ""};
      if (end < rest.size()) location.reference = rest.substr(end + 1);
      return location;
    }
    return base::Failure(base::FailureCode::kNotFound,
                         base::StrCat("there is no file or directory \"",
                                      base::Printable(rest), "\""));
  }
  return ImageLocation{Kind::kRegistry, "", std::string(text)};
}

}  // namespace landwaiter::agent::inspect
