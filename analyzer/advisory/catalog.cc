#include "analyzer/advisory/catalog.h"

#include "analyzer/advisory/osv/osv_format.h"
#include "analyzer/advisory/updateinfo/updateinfo.h"

namespace landwaiter::analyzer::advisory {

absl::Span<const FeedFormat* const> AllFeedFormats() {
  static const FeedFormat* const kAll[] = {
      // clang-format off: a line each, by their names
      &AlmaUpdateinfo(),
      &AmazonAlas(),
      &FedoraUpdateinfo(),
      &OsvFormat(),
      &RockyUpdateinfo(),
      // clang-format on
  };
  return kAll;
}

const FeedFormat* FindFeedFormat(std::string_view name) {
  for (const FeedFormat* format : AllFeedFormats()) {
    if (format->name() == name) return format;
  }
  return nullptr;
}

}  // namespace landwaiter::analyzer::advisory
