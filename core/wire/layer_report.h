#ifndef LANDWAITER_CORE_WIRE_LAYER_REPORT_H_
#define LANDWAITER_CORE_WIRE_LAYER_REPORT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "core/model/layer_report.h"

namespace landwaiter::wire {

// A serialised landwaiter.v1.LayerReport may be this large at most.
inline constexpr size_t kMaxLayerReportBytes = size_t{64} << 20;

// The report as landwaiter.v1.LayerReport. Deterministic: equal reports give
// equal bytes.
std::string SerializeLayerReport(const model::LayerReport& report);
// The same, behind what `to` holds.
void AppendLayerReport(const model::LayerReport& report, std::string& to);

// SHA-256, hexadecimal, of what the report says: equal for reports that differ
// only in how the list of files was compressed (the list's own digest counts),
// which may depend on the release of zstd.
std::string LayerReportIdentity(const model::LayerReport& report);

// The inverse. The bytes may come from anywhere: LimitExceeded when there are
// too many, INVALID_ARGUMENT when they are no report, are of another version
// than model::kLayerReportVersion, or break a rule of
// model::CheckLayerReport.
absl::StatusOr<model::LayerReport> ParseLayerReport(std::string_view bytes);

}  // namespace landwaiter::wire

#endif  // LANDWAITER_CORE_WIRE_LAYER_REPORT_H_
