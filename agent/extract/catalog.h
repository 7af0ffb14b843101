#ifndef LANDWAITER_AGENT_EXTRACT_CATALOG_H_
#define LANDWAITER_AGENT_EXTRACT_CATALOG_H_

#include <memory>
#include <vector>

#include "agent/extract/extractor.h"

namespace landwaiter::agent::extract {

// Every extractor there is, in a fixed order: the visible list to which a new
// one adds its line.
std::vector<std::unique_ptr<Extractor>> AllExtractors();

}  // namespace landwaiter::agent::extract

#endif  // LANDWAITER_AGENT_EXTRACT_CATALOG_H_
