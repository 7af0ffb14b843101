#ifndef LANDWAITER_ANALYZER_ADVISORY_UPDATEINFO_UPDATEINFO_H_
#define LANDWAITER_ANALYZER_ADVISORY_UPDATEINFO_UPDATEINFO_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/advisory/feed_format.h"

// The updateinfo.xml of yum and dnf repositories: a list of errata with the
// binary packages that each of them brings. It is in the repository's
// repodata, packed with gzip, xz or zstd:
//
//   <updates><update type="security">
//     <id>ALAS2-2018-939</id> <severity>critical</severity> ...
//     <references><reference type="cve" id="CVE-2017-5754"/></references>
//     <pkglist><collection short="amazon-linux-2"><name>...</name>
//       <module name="ruby" stream="2.6" .../>
//       <package name="kernel" epoch="0" version="4.9.76"
//                release="38.79.amzn2" arch="x86_64"/>
//
// An erratum that is neither of type "security" nor about a CVE is no
// advisory.
namespace landwaiter::analyzer::advisory {

// What tells the system that a package of an erratum is for.
struct Erratum {
  std::string id, release;
};
// The ecosystem of a package, by the erratum, by the names of the collection
// that the package is in, and by its release ("3.el8_4"); empty if it cannot be
// told. Each distribution has its own way.
using EcosystemOfPackage = std::string (*)(const Erratum& erratum,
                                           std::string_view collection,
                                           std::string_view package_release);

class Updateinfo : public FeedFormat {
 public:
  Updateinfo(std::string_view name, std::string_view description,
             EcosystemOfPackage ecosystem)
      : name_(name), description_(description), ecosystem_(ecosystem) {}
  std::string_view name() const override { return name_; }
  std::string_view description() const override { return description_; }
  bool Reads(std::string_view name) const override;
  std::unique_ptr<FeedReader> NewReader() const override;

 private:
  const std::string_view name_, description_;
  const EcosystemOfPackage ecosystem_;
};

// "amazon-alas": "Amazon Linux:1", ":2", ":2022", ":2023". A package of an
// extra of Amazon Linux 2 whose topic has a version ("php8.0") is meant from
// that version on: the core has older ones of the same name, with fixes of
// their own.
const FeedFormat& AmazonAlas();
// "fedora-updateinfo": "Fedora:40".
const FeedFormat& FedoraUpdateinfo();
// "rocky-updateinfo": "Rocky Linux:8".
const FeedFormat& RockyUpdateinfo();
// "alma-updateinfo": "AlmaLinux:8".
const FeedFormat& AlmaUpdateinfo();

}  // namespace landwaiter::analyzer::advisory

#endif  // LANDWAITER_ANALYZER_ADVISORY_UPDATEINFO_UPDATEINFO_H_
