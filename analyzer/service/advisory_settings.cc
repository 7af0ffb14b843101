#include "analyzer/service/advisory_settings.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "analyzer/advisory/catalog.h"
#include "analyzer/advisory/fetch.h"
#include "core/base/strings.h"
#include "landwaiter/v1/advisories.pb.h"

namespace landwaiter::analyzer::service {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxSources = 20;
constexpr absl::Duration kShortest = absl::Seconds(1);
constexpr absl::Duration kLongest = absl::Hours(24 * 30);

bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= 253 && name.front() != '.' &&
         std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
         });
}

absl::Status Bad(const AdvisorySourceSpec& source, std::string_view why) {
  return absl::InvalidArgumentError(
      base::StrCat("source ", base::Printable(source.name), ": ", why));
}

absl::Status CheckSource(const AdvisorySourceSpec& source) {
  if (!IsName(source.name)) return Bad(source, "that is no name");
  if (advisory::FindFeedFormat(source.format) == nullptr) {
    return Bad(source, base::StrCat("there is no feed format ",
                                    base::Printable(source.format)));
  }
  if (source.location.empty() == source.files.empty()) {
    return Bad(source, "either a place or files are needed");
  }
  // Who applies settings may name servers, not the analyzer's own files.
  if (!source.location.empty() && !advisory::IsUrl(source.location) &&
      !advisory::IsArtifact(source.location)) {
    return Bad(source, "the place is neither http(s):// nor oci://");
  }
  for (const auto& [name, bytes] : source.files) {
    if (!IsName(name)) return Bad(source, "a file has no usable name");
  }
  return absl::OkStatus();
}

v1::ApplyAdvisoriesRequest ToMessage(const AdvisorySettings& settings) {
  v1::ApplyAdvisoriesRequest message;
  for (const AdvisorySourceSpec& source : settings.sources) {
    v1::AdvisorySource* added = message.add_sources();
    added->set_name(source.name);
    added->set_format(source.format);
    added->set_location(source.location);
    added->mutable_files()->insert(source.files.begin(), source.files.end());
  }
  message.mutable_interval()->set_seconds(
      absl::ToInt64Seconds(settings.interval));
  message.set_offline(settings.offline);
  return message;
}

}  // namespace

absl::Status CheckSettings(const AdvisorySettings& settings) {
  if (settings.sources.size() > kMaxSources) {
    return absl::InvalidArgumentError("there are too many sources");
  }
  if (settings.interval < kShortest || settings.interval > kLongest) {
    return absl::InvalidArgumentError("interval: from 1s to 720h");
  }
  std::set<std::string> names;
  for (const AdvisorySourceSpec& source : settings.sources) {
    const absl::Status status = CheckSource(source);
    if (!status.ok()) return status;
    if (!names.insert(source.name).second) {
      return Bad(source, "the name is there twice");
    }
  }
  return absl::OkStatus();
}

std::optional<AdvisorySettings> LoadSettings(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  v1::ApplyAdvisoriesRequest message;
  if (!message.ParseFromIstream(&in)) return std::nullopt;
  AdvisorySettings settings;
  for (const v1::AdvisorySource& source : message.sources()) {
    settings.sources.push_back(
        {.name = source.name(),
         .format = source.format(),
         .location = source.location(),
         .files = {source.files().begin(), source.files().end()}});
  }
  settings.interval = absl::Seconds(message.interval().seconds());
  settings.offline = message.offline();
  if (!CheckSettings(settings).ok()) return std::nullopt;
  return settings;
}

absl::Status SaveSettings(const AdvisorySettings& settings,
                          const std::string& path) {
  std::error_code error;
  if (settings.sources.empty()) {
    fs::remove(path, error);
    return absl::OkStatus();
  }
  fs::create_directories(fs::path(path).parent_path(), error);
  const std::string temporary = base::StrCat(path, ".", getpid(), ".tmp");
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << ToMessage(settings).SerializeAsString();
  out.close();
  if (out) fs::rename(temporary, path, error);
  if (out && !error) return absl::OkStatus();
  return absl::UnavailableError(base::StrCat(path, " cannot be written"));
}

}  // namespace landwaiter::analyzer::service
