#ifndef LANDWAITER_ANALYZER_ADVISORY_SUSE_OVAL_PRODUCT_H_
#define LANDWAITER_ANALYZER_ADVISORY_SUSE_OVAL_PRODUCT_H_

#include <string>
#include <string_view>

namespace landwaiter::analyzer::advisory {

// The ecosystem of one of SUSE's product names, empty for those that no image
// is of. What is built for one service pack is one key, whichever of its
// products, modules and support contracts it is sold with: they are built from
// the same sources.
//   "SUSE Linux Enterprise Module for Basesystem 15 SP5",
//   "SUSE Linux Enterprise Server 15 SP5-LTSS",
//   "SUSE Linux Enterprise Server for SAP Applications 15 SP5":
//       "SUSE:Linux Enterprise Server 15 SP5"
//   "SUSE Linux Enterprise Micro 5.5"  "SUSE:Linux Enterprise Micro 5.5"
//   "SUSE Linux Micro 6.0"             "SUSE:Linux Micro 6.0"
//   "openSUSE Leap 15.5 NonFree"       "openSUSE:Leap 15.5"
//   "openSUSE Tumbleweed"              "openSUSE:Tumbleweed"
std::string SuseEcosystem(std::string_view product);

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_SUSE_OVAL_PRODUCT_H_
