// How near `landwaiter-agent inspect` is to what cannot be avoided. Prints a
// table; never fails on time. See docs/performance.md.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/blob_server.h"
#include "tests/bench/image_maker.h"
#include "tests/bench/known_image.h"
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
  const auto number = [](uint64_t value, double unit) {
    if (value == 0) {
      std::printf("%10s", "-");
    } else {
      std::printf("%10.1f", static_cast<double>(value) / unit);
    }
  };
  number(measured.peak_memory, kMebibyte);
  number(measured.pulled, kMegabyte);
  std::printf("\n");
  std::fflush(stdout);
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

struct Programs {
  std::string agent;
  std::string crane;  // empty: not measured
  std::string syft;
};

// Of a program that pulls the image.
Measurement MeasurePull(BlobServer& server, int runs,
                        const std::vector<std::string>& command) {
  server.TakeBytesSent();
  Measurement best = Best(runs, [&] { return MeasureProgram(command); });
  best.pulled = server.TakeBytesSent() / static_cast<uint64_t>(runs);
  return best;
}

void Measure(const BenchImage& image, const Programs& programs, int runs) {
  BlobServer server(image);
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
  std::printf(
      "\n%zu layers, %.0f MB compressed, %.0f MB inflated; best of %d\n",
      image.layers.size(),
      static_cast<double>(image.compressed_bytes) / kMegabyte,
      static_cast<double>(inflated) / kMegabyte, runs);
  std::printf("%-34s %7s %7s %7s %7s%10s%10s\n", "", "wall s", "", "CPU s", "",
              "PSS MiB", "pulled MB");
  PrintRow("limit: inflate and hash, 1 thread", one, two);
  PrintRow("limit, 2 threads", two, two);
  PrintRow("inspect oci:DIR",
           Best(runs,
                [&] {
                  return MeasureProgram({programs.agent, "inspect",
                                         "oci:" + image.directory, "--format",
                                         "json"});
                }),
           two);
  const std::string name =
      "127.0.0.1:" + std::to_string(server.port()) + "/bench:latest";
  PrintRow("inspect, registry on loopback",
           MeasurePull(server, runs,
                       {programs.agent, "inspect", name, "--plain-http",
                        "--format", "json"}),
           two);
  if (!programs.crane.empty()) {
    PrintRow("crane export",
             MeasurePull(server, runs,
                         {programs.crane, "export", "--insecure", name, "-"}),
             two);
  }
  if (!programs.syft.empty()) {
    PrintRow("syft scan",
             MeasurePull(server, runs,
                         {programs.syft, "scan", "--quiet", "--output", "json",
                          "registry:" + name}),
             two);
  }
  double known = MeasureKnownImage(image, server.port());
  for (int i = 1; i < std::max(runs, 5); ++i) {
    known = std::min(known, MeasureKnownImage(image, server.port()));
  }
  std::printf("all layers known: %.1f ms (the aim: 50)\n", known * 1000);
}

}  // namespace
}  // namespace landwaiter::bench

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  landwaiter::bench::Programs programs;
  programs.agent =
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
  app.add_option("--agent", programs.agent, "the program")
      ->capture_default_str();
  app.add_option("--crane", programs.crane, "measure this crane, too");
  app.add_option("--syft", programs.syft, "measure this syft, too");
  app.add_option("--directory", directory, "where images are made and kept")
      ->capture_default_str();
  app.add_option("--megabytes", sizes, "inflated sizes of the images to make")
      ->capture_default_str();
  app.add_option("--image", image, "measure this OCI layout instead");
  app.add_option("--runs", runs, "runs of each; the best counts")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  setenv("SYFT_REGISTRY_INSECURE_USE_HTTP", "true", 1);
  setenv("SYFT_CHECK_FOR_APP_UPDATE", "false", 1);
  if (!image.empty()) {
    landwaiter::bench::Measure(landwaiter::bench::OpenImage(image), programs,
                               runs);
    return 0;
  }
  for (const uint64_t size : sizes) {
    landwaiter::bench::Measure(landwaiter::bench::MakeImage(directory, size),
                               programs, runs);
  }
  return 0;
}
