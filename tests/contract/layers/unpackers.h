#ifndef LANDWAITER_TESTS_CONTRACT_LAYERS_UNPACKERS_H_
#define LANDWAITER_TESTS_CONTRACT_LAYERS_UNPACKERS_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/contract/layers/tree.h"

namespace landwaiter::contract {

// An empty directory of the test's own, removed on destruction.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  // An empty directory in it.
  std::string NewDirectory();

 private:
  std::filesystem::path path_;
  int next_ = 0;
};

// Whether the program can be run, and run as root: others may neither set
// owners nor make devices.
bool Usable(const std::string& program);
// Runs `script` in bash; what it prints to standard error is dropped.
bool Shell(const std::string& script);

// What umoci makes of an image of these layers; nullopt if it refuses it.
std::optional<Tree> UnpackWithUmoci(const std::vector<std::string>& layers,
                                    Scratch& scratch);
// What `program` ("tar" or "bsdtar") makes of one archive.
std::optional<Tree> UnpackWithTar(const std::string& program,
                                  const std::string& archive, Scratch& scratch);

}  // namespace landwaiter::contract

#endif  // LANDWAITER_TESTS_CONTRACT_LAYERS_UNPACKERS_H_
