#ifndef LANDWAITER_TESTS_BENCH_IMAGE_MAKER_H_
#define LANDWAITER_TESTS_BENCH_IMAGE_MAKER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace landwaiter::bench {

// An image in an OCI layout on disk.
struct BenchImage {
  std::string directory;
  std::string manifest;             // its digest, "sha256:..."
  std::vector<std::string> layers;  // paths of the gzip blobs
  uint64_t compressed_bytes = 0;    // of the layers
};

// Makes an image of five gzip layers of about `megabytes` inflated bytes in
// all, with files of text and of data that compress as a real image's do, an
// os-release and a dpkg database. The same size gives the same image; one that
// is there already is used again. Ends the program with a message if it
// cannot.
BenchImage MakeImage(const std::string& directory, uint64_t megabytes);

// Makes an image of gzip layers, each written as a tar archive without its end
// by a function, in the OCI layout at `directory`; or uses what is there.
using TarWriter = std::function<void(std::string_view)>;
using LayerContent = std::function<void(const TarWriter&)>;
BenchImage MakeImageOf(const std::string& directory,
                       const std::vector<LayerContent>& layers);

// The first image of an OCI layout that is there already.
BenchImage OpenImage(const std::string& directory);

}  // namespace landwaiter::bench

#endif  // LANDWAITER_TESTS_BENCH_IMAGE_MAKER_H_
