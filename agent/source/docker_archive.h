#ifndef LANDWAITER_AGENT_SOURCE_DOCKER_ARCHIVE_H_
#define LANDWAITER_AGENT_SOURCE_DOCKER_ARCHIVE_H_

#include <memory>

#include "agent/source/files.h"
#include "agent/source/image_source.h"

namespace landwaiter::agent::source {

// The images of an archive with a manifest.json (OpenDockerArchive in
// layout_source.h tells more).
std::unique_ptr<ImageSource> NewDockerArchiveSource(
    std::unique_ptr<Files> files);

}  // namespace landwaiter::agent::source

#endif  // LANDWAITER_AGENT_SOURCE_DOCKER_ARCHIVE_H_
