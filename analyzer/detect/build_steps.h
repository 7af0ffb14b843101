#ifndef LANDWAITER_ANALYZER_DETECT_BUILD_STEPS_H_
#define LANDWAITER_ANALYZER_DETECT_BUILD_STEPS_H_

#include <map>
#include <string>

#include "core/model/image.h"

namespace landwaiter::analyzer::detect {

// The instruction that made each layer, as one line that a Dockerfile could
// have ("RUN apk add curl"), at most 200 characters. Layers and the steps of
// the history that made one are told off in their order; nothing is said where
// there are not as many of both, for then nobody knows which is which. Of a
// layer that the image has twice, the first.
std::map<model::Digest, std::string> BuildSteps(
    const model::Inventory& inventory);

}  // namespace landwaiter::analyzer::detect

#endif  // LANDWAITER_ANALYZER_DETECT_BUILD_STEPS_H_
