#ifndef LANDWAITER_AGENT_INSPECT_PRINT_H_
#define LANDWAITER_AGENT_INSPECT_PRINT_H_

#include <string_view>

#include "absl/functional/function_ref.h"
#include "core/model/each_package.h"
#include "core/model/image.h"

// Each writes `inventory`, whose packages are those of `packages`, piece by
// piece: what is printed is never in memory as a whole.
namespace landwaiter::agent::inspect {

using TextSink = absl::FunctionRef<void(std::string_view)>;

// For people, on a terminal: nothing in it can be a control character.
void PrintTable(const model::Inventory& inventory, model::EachPackage packages,
                TextSink write);

// CycloneDX 1.6 as JSON (https://cyclonedx.org/docs/1.6/json/). Equal
// inventories give equal bytes: the serial number is made from the manifest's
// digest, and there is no timestamp.
void PrintCycloneDx(const model::Inventory& inventory,
                    model::EachPackage packages, TextSink write);

// SPDX 2.3 as JSON (https://spdx.github.io/spdx-spec/v2.3/). Equal inventories
// give equal bytes: the time of creation is the image's own, or the epoch.
void PrintSpdx(const model::Inventory& inventory, model::EachPackage packages,
               TextSink write);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_PRINT_H_
