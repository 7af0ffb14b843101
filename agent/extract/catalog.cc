#include "agent/extract/catalog.h"

#include "agent/extract/lang/cargo/cargo.h"
#include "agent/extract/lang/conan/conan.h"
#include "agent/extract/lang/dart/dart.h"
#include "agent/extract/lang/dotnet/dotnet.h"
#include "agent/extract/lang/elixir/elixir.h"
#include "agent/extract/lang/golang/golang.h"
#include "agent/extract/lang/gomod/gomod.h"
#include "agent/extract/lang/haskell/haskell.h"
#include "agent/extract/lang/java/java.h"
#include "agent/extract/lang/julia/julia.h"
#include "agent/extract/lang/maven/maven.h"
#include "agent/extract/lang/node/node.h"
#include "agent/extract/lang/php/php.h"
#include "agent/extract/lang/python/python.h"
#include "agent/extract/lang/r/r.h"
#include "agent/extract/lang/ruby/ruby.h"
#include "agent/extract/lang/rust/rust.h"
#include "agent/extract/lang/swift/swift.h"
#include "agent/extract/os/apk/apk.h"
#include "agent/extract/os/dpkg/dpkg.h"
#include "agent/extract/os/opkg/opkg.h"
#include "agent/extract/os/pacman/pacman.h"
#include "agent/extract/os/portage/portage.h"
#include "agent/extract/os/release/release.h"
#include "agent/extract/os/rpm/rpm.h"
#include "agent/extract/software/software.h"

namespace landwaiter::agent::extract {

std::vector<std::unique_ptr<Extractor>> AllExtractors() {
  std::vector<std::unique_ptr<Extractor>> extractors;
  extractors.push_back(std::make_unique<os::Apk>());
  extractors.push_back(std::make_unique<os::Dpkg>());
  extractors.push_back(std::make_unique<os::Opkg>());
  extractors.push_back(std::make_unique<os::Pacman>());
  extractors.push_back(std::make_unique<os::Portage>());
  extractors.push_back(std::make_unique<os::Release>());
  extractors.push_back(std::make_unique<os::Rpm>());
  extractors.push_back(std::make_unique<lang::Cargo>());
  extractors.push_back(std::make_unique<lang::Conan>());
  extractors.push_back(std::make_unique<lang::Dart>());
  extractors.push_back(std::make_unique<lang::Dotnet>());
  extractors.push_back(std::make_unique<lang::Elixir>());
  extractors.push_back(std::make_unique<lang::Golang>());
  extractors.push_back(std::make_unique<lang::Gomod>());
  extractors.push_back(std::make_unique<lang::Haskell>());
  extractors.push_back(std::make_unique<lang::Java>());
  extractors.push_back(std::make_unique<lang::Julia>());
  extractors.push_back(std::make_unique<lang::Maven>());
  extractors.push_back(std::make_unique<lang::Node>());
  extractors.push_back(std::make_unique<lang::Php>());
  extractors.push_back(std::make_unique<lang::Python>());
  extractors.push_back(std::make_unique<lang::R>());
  extractors.push_back(std::make_unique<lang::Ruby>());
  extractors.push_back(std::make_unique<lang::Rust>());
  extractors.push_back(std::make_unique<lang::Swift>());
  extractors.push_back(std::make_unique<software::Software>());
  return extractors;
}

}  // namespace landwaiter::agent::extract
