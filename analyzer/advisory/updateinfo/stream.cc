#include "analyzer/advisory/updateinfo/stream.h"

#include <optional>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kAlas = "ALAS";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// "2PHP8.0" of "ALAS2PHP8.0-2023-003": what is before the last two hyphens;
// nullopt for other ids.
std::optional<std::string_view> MiddleOf(std::string_view id) {
  if (!id.starts_with(kAlas)) return std::nullopt;
  const size_t last = id.rfind('-');
  if (last == id.npos || last == 0) return std::nullopt;
  const size_t year = id.rfind('-', last - 1);
  if (year == id.npos || year < kAlas.size()) return std::nullopt;
  return id.substr(kAlas.size(), year - kAlas.size());
}

std::string_view LeadingDigits(std::string_view text) {
  size_t n = 0;
  while (n < text.size() && IsDigit(text[n])) ++n;
  return text.substr(0, n);
}

// "8.0" of "PHP8.0", "5.10" of "KERNEL-5.10"; empty if there is none.
std::string_view TrailingVersion(std::string_view topic) {
  size_t start = topic.size();
  while (start > 0 && (IsDigit(topic[start - 1]) || topic[start - 1] == '.')) {
    --start;
  }
  topic.remove_prefix(start);
  while (topic.starts_with('.')) topic.remove_prefix(1);
  return topic;
}

}  // namespace

std::string StreamStart(std::string_view id, std::string_view fixed) {
  std::string_view topic = MiddleOf(id).value_or("");
  topic.remove_prefix(LeadingDigits(topic).size());
  const std::string_view version = TrailingVersion(topic);
  const size_t colon = fixed.find(':');
  const std::string_view upstream =
      colon == fixed.npos ? fixed : fixed.substr(colon + 1);
  const bool same_stream =
      !version.empty() && upstream.starts_with(version) &&
      (upstream.size() == version.size() || upstream[version.size()] == '.' ||
       upstream[version.size()] == '-');
  if (!same_stream) return "0";
  const std::string_view epoch =
      colon == fixed.npos ? "" : fixed.substr(0, colon + 1);
  return base::StrCat(epoch, version);
}

std::string_view AmazonRelease(std::string_view id) {
  const std::optional<std::string_view> middle = MiddleOf(id);
  if (!middle) return {};
  if (middle->empty()) return "1";
  const std::string_view digits = LeadingDigits(*middle);
  if (digits.empty()) return "2";
  for (const std::string_view known : {"2", "2022", "2023"}) {
    if (digits == known) return known;
  }
  return {};
}

std::string_view EnterpriseLinuxTag(std::string_view package_release) {
  constexpr std::string_view kTag = "el";
  for (size_t at = package_release.find(kTag); at != package_release.npos;
       at = package_release.find(kTag, at + 1)) {
    const char before = at == 0 ? '.' : package_release[at - 1];
    if (before != '.' && before != '+' && before != '_') continue;
    const std::string_view digits =
        LeadingDigits(package_release.substr(at + kTag.size()));
    if (!digits.empty()) return digits;
  }
  return {};
}

}  // namespace landwaiter::analyzer::advisory
