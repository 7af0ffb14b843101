#ifndef LANDWAITER_TESTS_BENCH_KNOWN_IMAGE_H_
#define LANDWAITER_TESTS_BENCH_KNOWN_IMAGE_H_

#include <cstdint>

#include "tests/bench/image_maker.h"

namespace landwaiter::bench {

// Seconds that the pipeline of a scan pod takes for an image whose layers the
// analyzer knows, all of it but the analyzer: by plain HTTP from a registry on
// loopback, on a connection of its own. Ends the program if it fails.
double MeasureKnownImage(const BenchImage& image, uint16_t port);

}  // namespace landwaiter::bench

#endif  // LANDWAITER_TESTS_BENCH_KNOWN_IMAGE_H_
