#ifndef LANDWAITER_ANALYZER_SERVICE_ANALYZER_H_
#define LANDWAITER_ANALYZER_SERVICE_ANALYZER_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "analyzer/service/advisories.h"
#include "analyzer/service/config.h"
#include "core/base/clock.h"

namespace landwaiter::analyzer::service {

// The analyzer put together: store, queue, tokens, servers. Runs from Start
// until it goes.
class Analyzer {
 public:
  // `clock` and `source` outlive it. Errors of the store, the certificates and
  // the ports.
  static absl::StatusOr<std::unique_ptr<Analyzer>> Start(
      const AnalyzerConfig& config, base::Clock& clock, AdvisorySource& source);
  virtual ~Analyzer() = default;

  virtual int port() const = 0;
  virtual int health_port() const = 0;  // 0 without one

  // Does what time brings about (Tick) every second and, on a thread beside,
  // looks for newer advisories at their interval, until the clock is
  // interrupted. An update that is under way is brought to its end.
  virtual void Run() = 0;
};

}  // namespace landwaiter::analyzer::service

#endif  // LANDWAITER_ANALYZER_SERVICE_ANALYZER_H_
