#ifndef LANDWAITER_TESTS_SUPPORT_REGISTRIES_HOSTILE_SIMULATOR_H_
#define LANDWAITER_TESTS_SUPPORT_REGISTRIES_HOSTILE_SIMULATOR_H_

#include <functional>
#include <map>
#include <string>

#include "tests/support/http_server.h"
#include "tests/support/registries/content.h"

namespace landwaiter::test {

// A distribution, open to everybody, each of whose repositories holds one
// image, "latest", with a fault of its own; repositories are named after it:
//
//   hostile/sound-1, sound-2   none
//   hostile/slow               the layer pauses for three seconds in its middle
//   hostile/cut-once           the connection is cut in the layer's middle,
//   once hostile/busy-once          429 with "Retry-After: 2" for the layer,
//   once hostile/cut                the connection is cut in the layer's
//   middle, and
//                              Range is ignored
//   hostile/busy               429 with "Retry-After: 1" for the layer
//   hostile/expired            401 for the layer, after the config was given
//   hostile/error              500 for the layer
//   hostile/web-page           200 with HTML for the layer
//   hostile/other-bytes        as many other bytes
//   hostile/wrong-type         the manifest is said to be an index
//   hostile/web-manifest       200 with HTML for the manifest
//   hostile/stuck              the layer pauses for a quarter of an hour
class HostileSimulator {
 public:
  // Layers are different for each `salt`.
  explicit HostileSimulator(const std::string& salt, const Listen& listen = {});

 private:
  // What becomes of an answer; `times` counts from 1.
  using Fault = std::function<Answer(Answer answer, int times)>;
  struct Faulty {
    Fault fault;
    int times = 0;
  };

  Answer Serve(const SeenRequest& request);
  // An image with a fault of its layer or its manifest.
  void Add(const std::string& name, const std::string& salt, Fault of_layer,
           Fault of_manifest = nullptr);

  RegistryContent content_;
  std::map<std::string, Faulty> faults_;  // by the path below /v2/
 public:
  HttpServer server;  // last: it asks for the rest
};

}  // namespace landwaiter::test

#endif  // LANDWAITER_TESTS_SUPPORT_REGISTRIES_HOSTILE_SIMULATOR_H_
