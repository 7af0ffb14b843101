#include "analyzer/advisory/feed_spec.h"

#include <algorithm>
#include <set>
#include <utility>

#include "analyzer/advisory/catalog.h"
#include "analyzer/advisory/fetch.h"
#include "core/base/failure.h"
#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

constexpr std::string_view kDefaultFormat = "osv";
constexpr size_t kLongestName = 63;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestName &&
         std::ranges::all_of(text, IsNameCharacter);
}

std::string FormatNames() {
  std::string names;
  for (const FeedFormat* format : AllFeedFormats()) {
    base::StrAppend(&names, names.empty() ? "" : ", ", format->name());
  }
  return names;
}

// "xyz" of "xyz:rest", if it looks like a format rather than a path.
std::string_view FormatOf(std::string_view text) {
  const auto parts = base::SplitOnce(text, ':');
  if (!parts || !IsName(parts->first) || IsUrl(text)) return {};
  return parts->first;
}

}  // namespace

std::string DefaultFeedName(std::string_view format,
                            std::string_view location) {
  while (location.ends_with('/')) location.remove_suffix(1);
  std::vector<std::string_view> parts = base::Split(location, '/');
  std::string_view last = parts.back();
  // OSV's are all called all.zip.
  if (last.starts_with("all.") && parts.size() > 1) {
    last = parts[parts.size() - 2];
  }
  std::string name = base::StrCat(format, "-", last.substr(0, last.find('.')));
  name.resize(std::min(name.size(), kLongestName));
  for (char& c : name) {
    if (!IsNameCharacter(c)) c = '-';
  }
  return name;
}

absl::StatusOr<FeedSpec> ParseFeedSpec(std::string_view text) {
  FeedSpec spec{.name = {},
                .format = std::string(kDefaultFormat),
                .location = {},
                .ca_file = {}};
  std::string_view rest = text;
  const auto named = base::SplitOnce(text, '=');
  if (named && IsName(named->first) &&
      (IsUrl(named->second) || !FormatOf(named->second).empty())) {
    spec.name = named->first;
    rest = named->second;
  }
  if (const std::string_view format = FormatOf(rest); !format.empty()) {
    if (FindFeedFormat(format) == nullptr) {
      return absl::InvalidArgumentError(
          base::StrCat(base::Printable(text), ": there is no feed format ",
                       format, "; there are ", FormatNames()));
    }
    spec.format = format;
    rest.remove_prefix(format.size() + 1);
  }
  if (rest.empty()) {
    return absl::InvalidArgumentError(
        base::StrCat(base::Printable(text), ": the feed is nowhere"));
  }
  spec.location = rest;
  if (spec.name.empty()) spec.name = DefaultFeedName(spec.format, rest);
  return spec;
}

absl::StatusOr<std::vector<FeedSpec>> ParseFeedSpecs(
    absl::Span<const std::string> texts) {
  std::vector<FeedSpec> specs;
  std::set<std::string> names;
  for (const std::string& text : texts) {
    LANDWAITER_ASSIGN_OR_RETURN(FeedSpec spec, ParseFeedSpec(text));
    const std::string wanted = spec.name;
    for (int i = 2; !names.insert(spec.name).second; ++i) {
      spec.name = base::StrCat(wanted, "-", i);
    }
    specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace landwaiter::analyzer::advisory
