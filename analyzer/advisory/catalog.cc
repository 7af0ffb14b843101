#include "analyzer/advisory/catalog.h"

#include <vector>

namespace landwaiter::analyzer::advisory {

absl::Span<const FeedFormat* const> AllFeedFormats() {
  // Each is a `static const` here and a line in the list.
  static const auto* const kAll = new std::vector<const FeedFormat*>{};
  return *kAll;
}

const FeedFormat* FindFeedFormat(std::string_view name) {
  for (const FeedFormat* format : AllFeedFormats()) {
    if (format->name() == name) return format;
  }
  return nullptr;
}

}  // namespace landwaiter::analyzer::advisory
