#ifndef LANDWAITER_AGENT_EXTRACT_PACKAGE_LIST_H_
#define LANDWAITER_AGENT_EXTRACT_PACKAGE_LIST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "agent/extract/problems.h"
#include "core/model/layer_report.h"
#include "core/model/package.h"

namespace landwaiter::agent::extract {

// Collects what a package database tells, under the limits that all databases
// share, and makes the extract of it. Not thread-safe.
class PackageList {
 public:
  struct Limits {
    // The largest real systems have about 10,000 packages.
    size_t packages = 200'000;
    // Of all strings of all packages.
    uint64_t bytes = 64ull << 20;
  };
  // What identifies a package is never cut: a longer one is a problem.
  static constexpr size_t kMaxIdentity = 1024;
  // Vendor and licences are cut here.
  static constexpr size_t kMaxText = 4096;

  PackageList() = default;
  explicit PackageList(Limits limits) : limits_(limits) {}

  // Keeps `package`, made valid UTF-8. One without a name or a version, or
  // with an overlong one, is a problem, told with `where` ("line 12"), and is
  // not kept. LimitExceeded past the limits.
  absl::Status Add(model::Package package, std::string_view where);

  // Keeps the path of a file that some package owns if it may itself tell of
  // software (ownership.h); with or without a slash before it, cleaned. What
  // is no path, or past kMaxOwned, is not kept; the latter is a problem.
  static constexpr size_t kMaxOwned = 500'000;
  void AddOwned(std::string_view path);

  Problems& problems() { return problems_; }

  // The packages and the owned files, sorted, each once, and the problems. The
  // list is spent.
  model::FileExtract Finish() &&;

 private:
  Limits limits_;
  model::Packages packages_;
  uint64_t bytes_ = 0;
  std::vector<std::string> owned_;
  Problems problems_;
};

}  // namespace landwaiter::agent::extract

#endif  // LANDWAITER_AGENT_EXTRACT_PACKAGE_LIST_H_
