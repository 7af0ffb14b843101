#ifndef LANDWAITER_AGENT_EXTRACT_FILE_H_
#define LANDWAITER_AGENT_EXTRACT_FILE_H_

#include "core/base/file.h"

namespace landwaiter::agent::extract {

// The content of one file in a layer. It has arrived in order, from a stream;
// what is read twice or out of order was kept, in memory up to a bound and
// beyond it in an unlinked spill file. Its errors are LimitExceeded or
// Internal.
using base::File;
using base::MemoryFile;
using base::ReadExactly;

}  // namespace landwaiter::agent::extract

#endif  // LANDWAITER_AGENT_EXTRACT_FILE_H_
