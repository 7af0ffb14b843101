#include "agent/extract/catalog.h"

#include "agent/extract/lang/golang/golang.h"
#include "agent/extract/lang/java/java.h"
#include "agent/extract/lang/rust/rust.h"
#include "agent/extract/os/apk/apk.h"
#include "agent/extract/os/dpkg/dpkg.h"
#include "agent/extract/os/release/release.h"
#include "agent/extract/os/rpm/rpm.h"

namespace landwaiter::agent::extract {

std::vector<std::unique_ptr<Extractor>> AllExtractors() {
  std::vector<std::unique_ptr<Extractor>> extractors;
  extractors.push_back(std::make_unique<os::Apk>());
  extractors.push_back(std::make_unique<os::Dpkg>());
  extractors.push_back(std::make_unique<os::Release>());
  extractors.push_back(std::make_unique<os::Rpm>());
  extractors.push_back(std::make_unique<lang::Golang>());
  extractors.push_back(std::make_unique<lang::Java>());
  extractors.push_back(std::make_unique<lang::Rust>());
  return extractors;
}

}  // namespace landwaiter::agent::extract
