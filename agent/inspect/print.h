#ifndef LANDWAITER_AGENT_INSPECT_PRINT_H_
#define LANDWAITER_AGENT_INSPECT_PRINT_H_

#include <string>

#include "core/model/image.h"

namespace landwaiter::agent::inspect {

// For people, on a terminal: nothing in it can be a control character.
std::string InventoryToTable(const model::Inventory& inventory);

// CycloneDX 1.6 as JSON (https://cyclonedx.org/docs/1.6/json/). Equal
// inventories give equal bytes: the serial number is made from the manifest's
// digest, and there is no timestamp.
std::string InventoryToCycloneDx(const model::Inventory& inventory);

// SPDX 2.3 as JSON (https://spdx.github.io/spdx-spec/v2.3/). Equal inventories
// give equal bytes: the time of creation is the image's own, or the epoch.
std::string InventoryToSpdx(const model::Inventory& inventory);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_PRINT_H_
