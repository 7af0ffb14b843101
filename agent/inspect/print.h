#ifndef LANDWAITER_AGENT_INSPECT_PRINT_H_
#define LANDWAITER_AGENT_INSPECT_PRINT_H_

#include <string>

#include "core/model/image.h"

namespace landwaiter::agent::inspect {

// For people, on a terminal: nothing in it can be a control character.
std::string InventoryToTable(const model::Inventory& inventory);

// CycloneDX 1.5 as JSON (https://cyclonedx.org/docs/1.5/json/). Equal
// inventories give equal bytes: the serial number is made from the manifest's
// digest, and there is no timestamp.
std::string InventoryToCycloneDx(const model::Inventory& inventory);

}  // namespace landwaiter::agent::inspect

#endif  // LANDWAITER_AGENT_INSPECT_PRINT_H_
