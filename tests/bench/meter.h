#ifndef LANDWAITER_TESTS_BENCH_METER_H_
#define LANDWAITER_TESTS_BENCH_METER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/image_maker.h"

namespace landwaiter::bench {

struct Measurement {
  double wall_seconds = 0;
  double cpu_seconds = 0;    // user and system, children included
  uint64_t peak_memory = 0;  // PSS summed over the processes, bytes; 0: unknown
  uint64_t pulled = 0;       // bytes; for who measures it to fill in
};

// Runs a program with its output thrown away. Its memory is sampled every few
// milliseconds. Ends the program if it fails.
Measurement MeasureProgram(const std::vector<std::string>& command);

// What cannot be avoided for an image: its layers are read, inflated (ISA-L)
// and hashed in both forms (OpenSSL), on `threads` threads.
struct LimitMeasurement {
  Measurement total;
  uint64_t inflated_bytes = 0;
};
LimitMeasurement MeasureLimit(const BenchImage& image, int threads);

}  // namespace landwaiter::bench

#endif  // LANDWAITER_TESTS_BENCH_METER_H_
