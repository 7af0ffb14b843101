#ifndef LANDWAITER_ANALYZER_ADVISORY_UPDATEINFO_STREAM_H_
#define LANDWAITER_ANALYZER_ADVISORY_UPDATEINFO_STREAM_H_

#include <string>
#include <string_view>

namespace landwaiter::analyzer::advisory {

// Where the versions begin that an erratum of Amazon's extras means: "8.0" for
// ALAS2PHP8.0-2023-003 and the fixed version 8.0.27-1.amzn2; "0" if the topic
// has no version ("docker") or not that of the package.
std::string StreamStart(std::string_view id, std::string_view fixed);

// "1", "2", "2022" or "2023" of an Amazon erratum's id (ALAS-, ALAS2-,
// ALAS2023-..., ALASDOCKER-, which is an extra of 2); empty for other ids.
std::string_view AmazonRelease(std::string_view id);

// "8" of "3.el8_4", "4.module+el8.5.0+738", "8.module_el8.4.0+2523"; empty
// without a tag of Enterprise Linux.
std::string_view EnterpriseLinuxTag(std::string_view package_release);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_UPDATEINFO_STREAM_H_
