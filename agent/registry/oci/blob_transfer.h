#ifndef LANDWAITER_AGENT_REGISTRY_OCI_BLOB_TRANSFER_H_
#define LANDWAITER_AGENT_REGISTRY_OCI_BLOB_TRANSFER_H_

#include <string>

#include "absl/status/status.h"
#include "agent/registry/transport/transport.h"
#include "agent/source/image_source.h"
#include "core/base/clock.h"
#include "core/model/image.h"

namespace landwaiter::agent::registry::oci {

// Hands the bytes of `blob`, which is at `target`, to `sink`, and checks size
// and digest. A transfer that breaks off goes on where it broke (Range), by
// way of the registry, since signed addresses expire; a 429 is waited for as
// it asks, or is RateLimited if that is too long; a status that stays the same
// however often one asks is not asked for again.
absl::Status TransferBlob(Transport& transport, base::Clock& clock,
                          const std::string& target, const std::string& scope,
                          const model::Descriptor& blob, source::BlobSink sink);

}  // namespace landwaiter::agent::registry::oci

#endif  // LANDWAITER_AGENT_REGISTRY_OCI_BLOB_TRANSFER_H_
