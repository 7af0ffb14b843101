// How near `landwaiter-agent inspect` is to what cannot be avoided. Prints a
// table; never fails on time. See docs/inspect.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/blob_server.h"
#include "tests/bench/image_maker.h"
#include "tests/bench/meter.h"

namespace landwaiter::bench {
namespace {

constexpr double kMegabyte = 1e6;
constexpr double kMebibyte = 1 << 20;

void PrintRow(const char* name, const Measurement& measured,
              const Measurement& limit) {
  std::printf("%-34s %7.2f %6.1fx %7.2f %6.1fx", name, measured.wall_seconds,
              measured.wall_seconds / limit.wall_seconds, measured.cpu_seconds,
              measured.cpu_seconds / limit.cpu_seconds);
  if (measured.peak_memory == 0) {
    std::printf("%10s\n", "-");
  } else {
    std::printf("%10.1f\n",
                static_cast<double>(measured.peak_memory) / kMebibyte);
  }
}

// The fastest of some runs, and the most memory of all of them.
template <typename Run>
Measurement Best(int runs, Run run) {
  Measurement best = run();
  for (int i = 1; i < runs; ++i) {
    Measurement next = run();
    next.peak_memory = std::max(next.peak_memory, best.peak_memory);
    best.peak_memory = next.peak_memory;
    if (next.wall_seconds < best.wall_seconds) best = next;
  }
  return best;
}

void Measure(const BenchImage& image, const std::string& agent, int runs) {
  const BlobServer server(image);
  uint64_t inflated = 0;
  const auto limit = [&](int threads) {
    return Best(runs, [&] {
      const LimitMeasurement measured = MeasureLimit(image, threads);
      inflated = measured.inflated_bytes;
      return measured.total;
    });
  };
  const Measurement one = limit(1);
  const Measurement two = limit(2);
  const Measurement layout = Best(runs, [&] {
    return MeasureProgram(
        {agent, "inspect", "oci:" + image.directory, "--format", "json"});
  });
  const Measurement registry = Best(runs, [&] {
    return MeasureProgram(
        {agent, "inspect",
         "127.0.0.1:" + std::to_string(server.port()) + "/bench:latest",
         "--plain-http", "--format", "json"});
  });
  std::printf(
      "\n%zu layers, %.0f MB compressed, %.0f MB inflated; best of %d\n",
      image.layers.size(),
      static_cast<double>(image.compressed_bytes) / kMegabyte,
      static_cast<double>(inflated) / kMegabyte, runs);
  std::printf("%-34s %7s %7s %7s %7s%10s\n", "", "wall s", "", "CPU s", "",
              "PSS MiB");
  PrintRow("limit: inflate and hash, 1 thread", one, two);
  PrintRow("limit, 2 threads", two, two);
  PrintRow("inspect oci:DIR", layout, two);
  PrintRow("inspect, registry on loopback", registry, two);
}

}  // namespace
}  // namespace landwaiter::bench

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  std::string agent =
      (fs::read_symlink("/proc/self/exe").parent_path() / "landwaiter-agent")
          .string();
  std::string directory =
      (fs::temp_directory_path() / "landwaiter-bench").string();
  std::string image;
  std::vector<uint64_t> sizes = {100, 400};
  int runs = 3;
  CLI::App app(
      "Measures landwaiter-agent inspect against what inflating and "
      "hashing the same layers take, on two threads.");
  app.add_option("--agent", agent, "the program")->capture_default_str();
  app.add_option("--directory", directory, "where images are made and kept")
      ->capture_default_str();
  app.add_option("--megabytes", sizes, "inflated sizes of the images to make")
      ->capture_default_str();
  app.add_option("--image", image, "measure this OCI layout instead");
  app.add_option("--runs", runs, "runs of each; the best counts")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (!image.empty()) {
    landwaiter::bench::Measure(landwaiter::bench::OpenImage(image), agent,
                               runs);
    return 0;
  }
  for (const uint64_t size : sizes) {
    landwaiter::bench::Measure(landwaiter::bench::MakeImage(directory, size),
                               agent, runs);
  }
  return 0;
}
