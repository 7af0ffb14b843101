#include "agent/extract/os/rpm/manifest.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/extract/os/rpm/header.h"
#include "agent/extract/package_list.h"
#include "core/base/failure.h"
#include "core/base/strings.h"
#include "core/text/line_reader.h"

namespace landwaiter::agent::extract::os {
namespace {

constexpr size_t kColumns = 10;

model::Package ToPackage(const std::vector<std::string_view>& row) {
  const std::string_view version = row[1], vendor = row[4], arch = row[7],
                         epoch = row[8];
  model::Package package;
  package.type = "rpm";
  package.name = row[0];
  package.version = epoch.empty() || epoch == "0"
                        ? std::string(version)
                        : base::StrCat(epoch, ":", version);
  // What a header lacks, rpm writes as "(none)".
  if (arch != "(none)") package.architecture = arch;
  if (vendor != "(none)") package.vendor = vendor;
  SetSourceRpm(row[9], package);
  return package;
}

}  // namespace

absl::StatusOr<model::FileExtract> ReadManifest(File& file) {
  text::LineReader reader(file);
  PackageList list;
  while (true) {
    LANDWAITER_ASSIGN_OR_RETURN(const auto line, reader.Next());
    if (!line.has_value()) break;
    if (base::Strip(*line).empty()) continue;
    const std::string where = base::StrCat("line ", reader.number());
    const auto row = base::Split(*line, '\t');
    if (row.size() != kColumns) {
      list.problems().Add(base::StrCat(where, ": ", row.size(), " columns"));
      continue;
    }
    LANDWAITER_RETURN_IF_ERROR(list.Add(ToPackage(row), where));
  }
  return std::move(list).Finish();
}

}  // namespace landwaiter::agent::extract::os
