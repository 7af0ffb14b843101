#ifndef LANDWAITER_ANALYZER_SERVICE_ADVISORY_SETTINGS_H_
#define LANDWAITER_ANALYZER_SERVICE_ADVISORY_SETTINGS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "analyzer/service/advisory_desk.h"

namespace landwaiter::analyzer::service {

// INVALID_ARGUMENT names the first source that cannot be, and why.
absl::Status CheckSettings(const AdvisorySettings& settings);

// In a file, so that they outlive the process. nullopt if there are none, or
// none that can be read.
std::optional<AdvisorySettings> LoadSettings(const std::string& path);
// Settings without sources remove the file.
absl::Status SaveSettings(const AdvisorySettings& settings,
                          const std::string& path);

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_ADVISORY_SETTINGS_H_
