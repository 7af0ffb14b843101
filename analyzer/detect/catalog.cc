#include "analyzer/detect/catalog.h"

#include "analyzer/detect/alpine/alpine.h"
#include "analyzer/detect/amazon/amazon.h"
#include "analyzer/detect/azurelinux/azurelinux.h"
#include "analyzer/detect/debian/debian.h"
#include "analyzer/detect/fedora/fedora.h"
#include "analyzer/detect/languages/languages.h"
#include "analyzer/detect/openeuler/openeuler.h"
#include "analyzer/detect/photon/photon.h"
#include "analyzer/detect/redhat/redhat.h"
#include "analyzer/detect/suse/suse.h"
#include "analyzer/detect/ubuntu/ubuntu.h"
#include "analyzer/detect/wolfi/wolfi.h"

namespace landwaiter::analyzer::detect {

absl::Span<const Distribution* const> AllDistributions() {
  static const Alpine alpine;
  static const Amazon amazon;
  static const AzureLinux azure_linux;
  static const Debian debian;
  static const Fedora fedora;
  static const OpenEuler open_euler;
  static const Photon photon;
  static const RedHat red_hat;
  static const Suse suse;
  static const Ubuntu ubuntu;
  static const Wolfi wolfi;
  static const Distribution* const kAll[] = {
      &alpine, &amazon,  &azure_linux, &debian, &fedora, &open_euler,
      &photon, &red_hat, &suse,        &ubuntu, &wolfi};
  return kAll;
}

absl::Span<const Ecosystem* const> AllEcosystems() {
  static const Ecosystem* const kAll[] = {
      &Bitnami(),   &Cpe(), &Cran(),  &ConanCenter(), &Go(),
      &Hackage(),   &Hex(), &Julia(), &Maven(),       &Nuget(),
      &Packagist(), &Pub(), &PyPi(),  &RubyGems(),    &SwiftUrl(),
      &CratesIo(),  &Npm()};
  return kAll;
}

}  // namespace landwaiter::analyzer::detect
