#ifndef LANDWAITER_AGENT_EXTRACT_SOFTWARE_VERSION_SEARCH_H_
#define LANDWAITER_AGENT_EXTRACT_SOFTWARE_VERSION_SEARCH_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "agent/extract/file.h"
#include "agent/extract/software/signatures.h"

namespace landwaiter::agent::extract::software {

struct Found {
  std::string_view product;
  std::string version;
};

// The version at the beginning of `text`, cut out of it: "1.1.1w",
// "3.13.0rc1". Empty if there are fewer than `parts` numbers, or if something
// follows that could be a part of it.
std::string_view TakeVersion(std::string_view text, int parts);

// Searches the file for the versions that the signatures tell, in one pass and
// in blocks. At most one of each product. Errors are the file's.
absl::StatusOr<std::vector<Found>> FindVersions(
    File& file, std::string_view path,
    const std::vector<const Signature*>& signatures);

}  // namespace landwaiter::agent::extract::software

#endif  // LANDWAITER_AGENT_EXTRACT_SOFTWARE_VERSION_SEARCH_H_
