#include "agent/extract/software/release_files.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "agent/extract/archive/zip.h"
#include "agent/extract/software/version_search.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/json.h"

namespace landwaiter::agent::extract::software {
namespace {

constexpr uint64_t kMaxRelease = 64u << 10;
constexpr uint64_t kMaxServerInfo = 64u << 10;
constexpr std::string_view kServerInfo =
    "org/apache/catalina/util/ServerInfo.properties";

bool LooksLikeVersion(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         absl::ascii_isdigit(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(c) ||
                  base::Contains("._-+", std::string_view(&c, 1));
         });
}

// The value of KEY="value"; empty if there is none.
std::string_view Value(std::string_view text, std::string_view key) {
  for (std::string_view line : base::Split(text, '\n')) {
    const auto parts = base::SplitOnce(line, '=');
    if (!parts.has_value() || parts->first != key) continue;
    std::string_view value = base::Strip(parts->second);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
      value = value.substr(1, value.size() - 2);
    }
    return value;
  }
  return {};
}

absl::Status ReadJdkRelease(File& file, PackageList& list) {
  if (file.size() > kMaxRelease) return absl::OkStatus();
  LANDWAITER_ASSIGN_OR_RETURN(const std::string text,
                              file.ReadAll(kMaxRelease));
  const std::string_view version = Value(text, "JAVA_VERSION");
  if (!LooksLikeVersion(version)) return absl::OkStatus();
  // Oracle's own builds have other versions with fixes than OpenJDK's.
  const bool commercial = Value(text, "BUILD_TYPE") == "commercial";
  return list.Add(Product(commercial ? "oracle-jdk" : "openjdk", version),
                  "release");
}

absl::Status ReadCatalina(File& file, PackageList& list) {
  Problems ignored;  // lang/java tells them
  archive::Budget budget = archive::Budget::ForFileOf(file.size());
  LANDWAITER_ASSIGN_OR_RETURN(std::optional<archive::Zip> zip,
                              archive::Zip::Open(file, ignored));
  if (!zip.has_value()) return absl::OkStatus();
  std::optional<archive::ZipEntry> info;
  LANDWAITER_RETURN_IF_ERROR(zip->ForEach([&](archive::ZipEntry entry) {
    if (entry.name == kServerInfo) info = std::move(entry);
    return absl::OkStatus();
  }));
  if (!info.has_value()) return absl::OkStatus();
  LANDWAITER_ASSIGN_OR_RETURN(const std::optional<std::string> text,
                              zip->ReadMember(*info, kMaxServerInfo, budget));
  if (!text.has_value()) return absl::OkStatus();
  constexpr std::string_view kTomcat = "Apache Tomcat/";
  std::string_view version = Value(*text, "server.info");
  if (!version.starts_with(kTomcat)) return absl::OkStatus();
  version.remove_prefix(kTomcat.size());
  version = version.substr(0, version.find(' '));
  if (!LooksLikeVersion(version)) return absl::OkStatus();
  model::Package tomcat = Product("tomcat", version);
  tomcat.location = kServerInfo;
  return list.Add(std::move(tomcat), kServerInfo);
}

// {"redis": {"version": "7.0.5-3", ...}}: behind the dash is Bitnami's own
// number.
class BitnamiComponents : public text::TreeHandler {
 public:
  explicit BitnamiComponents(PackageList& list) : list_(list) {}

  absl::Status Value(const text::Path& path, std::string_view text) override {
    if (!path.Is({"*", "version"})) return absl::OkStatus();
    const std::string_view version = text.substr(0, text.rfind('-'));
    if (!LooksLikeVersion(version)) return absl::OkStatus();
    return list_.Add(Product(path[0], version), path[0]);
  }

 private:
  PackageList& list_;
};

absl::Status ReadBitnamiComponents(File& file, PackageList& list) {
  BitnamiComponents components(list);
  LANDWAITER_ASSIGN_OR_RETURN(const text::Outcome outcome,
                              text::ReadJson(file, components));
  if (!outcome.fault.empty()) list.problems().Add(outcome.fault);
  return absl::OkStatus();
}

}  // namespace

ReleaseReader ReleaseReaderFor(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name == "release") return &ReadJdkRelease;
  if (name == ".bitnami_components.json") return &ReadBitnamiComponents;
  if (name.ends_with(".jar") && base::Contains(name, "catalina")) {
    return &ReadCatalina;
  }
  return nullptr;
}

model::Package Product(std::string_view product, std::string_view version) {
  return {.type = "generic",
          .name = std::string(product),
          .version = std::string(version)};
}

}  // namespace landwaiter::agent::extract::software
