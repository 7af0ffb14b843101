#include "analyzer/detect/catalog.h"

#include "analyzer/detect/alpine/alpine.h"
#include "analyzer/detect/debian/debian.h"
#include "analyzer/detect/languages/languages.h"
#include "analyzer/detect/redhat/redhat.h"
#include "analyzer/detect/ubuntu/ubuntu.h"
#include "analyzer/detect/wolfi/wolfi.h"

namespace landwaiter::analyzer::detect {

absl::Span<const Distribution* const> AllDistributions() {
  static const Alpine alpine;
  static const Debian debian;
  static const RedHat red_hat;
  static const Ubuntu ubuntu;
  static const Wolfi wolfi;
  static const Distribution* const kAll[] = {&alpine, &debian, &red_hat,
                                             &ubuntu, &wolfi};
  return kAll;
}

absl::Span<const Ecosystem* const> AllEcosystems() {
  static const Ecosystem* const kAll[] = {
      &Bitnami(),  &Cran(),      &ConanCenter(), &Go(),
      &Hackage(),  &Hex(),       &Julia(),       &Maven(),
      &Nuget(),    &Packagist(), &Pub(),         &PyPi(),
      &RubyGems(), &SwiftUrl(),  &CratesIo(),    &Npm()};
  return kAll;
}

}  // namespace landwaiter::analyzer::detect
