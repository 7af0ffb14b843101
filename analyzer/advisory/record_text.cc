#include "analyzer/advisory/record_text.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "analyzer/advisory/cvss.h"
#include "analyzer/advisory/rating.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr size_t kMaxSummary = 300;
constexpr size_t kMaxUrl = 2000;

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c >= '0' && c <= '9';
  });
}

template <typename T>
void AddOnce(T item, std::vector<T>& into) {
  if (into.size() >= kMaxReferences) return;
  if (std::find(into.begin(), into.end(), item) != into.end()) return;
  into.push_back(std::move(item));
}

std::string_view CvssType(std::string_view vector) {
  if (vector.starts_with("CVSS:4")) return "CVSS_V4";
  if (vector.starts_with("CVSS:3")) return "CVSS_V3";
  return "CVSS_V2";
}

}  // namespace

std::string OneLine(std::string_view text) {
  text = base::Strip(text);
  text = base::Strip(text.substr(0, text.find('\n')));
  if (text.size() <= kMaxSummary) return std::string(text);
  size_t end = text.rfind(' ', kMaxSummary);
  if (end == text.npos) {
    end = kMaxSummary;
    // Not inside of a character of UTF-8.
    while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  }
  return base::StrCat(text.substr(0, end), " ...");
}

std::string Rfc3339(std::string_view text) {
  static constexpr const char* kForms[] = {
      "%Y-%m-%d%ET%H:%M:%E*S%Ez", "%Y-%m-%d%ET%H:%M:%E*S",
      "%Y-%m-%d%ET%H:%M%Ez",      "%Y-%m-%d%ET%H:%M",
      "%Y-%m-%d %H:%M:%E*S%Ez",   "%Y-%m-%d %H:%M:%E*S %Ez",
      "%Y-%m-%d %H:%M:%E*S",      "%Y-%m-%d %H:%M:%E*S UTC",
      "%Y-%m-%d %H:%M",           "%Y-%m-%d"};
  // absl::ParseTime takes "infinite-past", and years of any length.
  if (text.size() < 10 || text.size() > 40 || !AllDigits(text.substr(0, 4)) ||
      text[4] != '-') {
    return "";
  }
  for (const char* form : kForms) {
    absl::Time time;
    std::string ignored;
    if (absl::ParseTime(form, base::ToAbsl(text), &time, &ignored)) {
      return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
    }
  }
  return "";
}

std::string_view CveOf(std::string_view id) {
  if (id.starts_with("CVE-")) return id;
  const size_t place = id.find("-CVE-");
  return place == id.npos ? std::string_view() : id.substr(place + 1);
}

bool IsCve(std::string_view text) {
  return text.size() >= 13 && text.size() <= 24 && text.starts_with("CVE-") &&
         AllDigits(text.substr(4, 4)) && text[8] == '-' &&
         AllDigits(text.substr(9));
}

void AddReference(std::string_view url, std::vector<std::string>& into) {
  url = base::Strip(url);
  if (url.size() > kMaxUrl) return;
  for (const std::string_view scheme : {"https://", "http://", "ftp://"}) {
    if (url.starts_with(scheme)) return AddOnce(std::string(url), into);
  }
}

void AddCwe(std::string_view cwe, std::vector<std::string>& into) {
  cwe = base::Strip(cwe);
  if (cwe.starts_with("CWE-") && cwe.size() <= 12 && AllDigits(cwe.substr(4))) {
    AddOnce(std::string(cwe), into);
  }
}

void AddCvss(std::string_view source, std::string_view vector,
             std::vector<CvssVector>& into) {
  if (!CvssBaseScore(vector)) return;
  AddOnce(CvssVector{std::string(source), std::string(vector)}, into);
}

model::Severity RateVectors(const std::vector<CvssVector>& vectors) {
  std::vector<SeverityEntry> entries;
  for (const CvssVector& vector : vectors) {
    entries.push_back({std::string(CvssType(vector.vector)), vector.vector});
  }
  return Rate(entries);
}

std::vector<BasicEvent<std::string>> RangeBefore(std::string_view version) {
  return {{EventKind::kIntroduced, "0"},
          {EventKind::kFixed, std::string(version)}};
}

std::vector<BasicEvent<std::string>> WholeRange() {
  return {{EventKind::kIntroduced, "0"}};
}

}  // namespace landwaiter::analyzer::advisory
