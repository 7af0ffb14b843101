// The orderings of languages' ecosystems: the first byte chooses one.
#include "analyzer/version/alpm.h"
#include "analyzer/version/bitnami.h"
#include "analyzer/version/components.h"
#include "analyzer/version/conan.h"
#include "analyzer/version/go.h"
#include "analyzer/version/maven.h"
#include "analyzer/version/nuget.h"
#include "analyzer/version/openssl.h"
#include "analyzer/version/packagist.h"
#include "analyzer/version/pep440.h"
#include "analyzer/version/pub.h"
#include "analyzer/version/rubygems.h"
#include "analyzer/version/semver.h"
#include "tests/fuzz/version.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace version = landwaiter::analyzer::version;
  using Compare = std::weak_ordering (*)(std::string_view, std::string_view);
  constexpr Compare kOrderings[] = {
      version::CompareAlpm,      version::CompareConan,
      version::CompareCran,      version::CompareGo,
      version::CompareHackage,   version::CompareMaven,
      version::CompareNuget,     version::CompareOpenssl,
      version::ComparePackagist, version::ComparePep440,
      version::ComparePub,       version::CompareRubygems,
      version::CompareSemver,    version::CompareBitnami};
  if (size == 0) return 0;
  landwaiter::fuzz::Order(kOrderings[data[0] % std::size(kOrderings)], data + 1,
                          size - 1);
  return 0;
}
