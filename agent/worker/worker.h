#ifndef LANDWAITER_AGENT_WORKER_WORKER_H_
#define LANDWAITER_AGENT_WORKER_WORKER_H_

#include "agent/layer/layer_reader.h"

namespace landwaiter::agent::worker {

// What a worker process does, from its first line to its end: reads the
// request (protocol.h), enters the sandbox, reads the layer, writes the reply.
// Does not return: the process ends with status 0 if there was a reply. To be
// called before anything in the process starts a thread.
[[noreturn]] void RunWorker(const layer::Extractors& extractors);

}  // namespace landwaiter::agent::worker

#endif  // LANDWAITER_AGENT_WORKER_WORKER_H_
