#include "agent/inspect/purl.h"

#include <gtest/gtest.h>

namespace landwaiter::agent::inspect {
namespace {

model::Package Package(std::string type, std::string name, std::string version,
                       std::string architecture) {
  model::Package package;
  package.type = std::move(type);
  package.name = std::move(name);
  package.version = std::move(version);
  package.architecture = std::move(architecture);
  return package;
}

model::OsRelease Os(std::string id, std::string version) {
  model::OsRelease os;
  os.id = std::move(id);
  os.version_id = std::move(version);
  return os;
}

TEST(PackageUrl, NamesTheSystem) {
  EXPECT_EQ(PackageUrl(Package("apk", "curl", "7.83.0-r0", "x86"),
                       Os("alpine", "3.16.1")),
            "pkg:apk/alpine/curl@7.83.0-r0?arch=x86&distro=alpine-3.16.1");
}

TEST(PackageUrl, EncodesAllButAFewCharacters) {
  EXPECT_EQ(PackageUrl(Package("deb", "libstdc++6", "1:2.3~rc1+b2-4", "amd64"),
                       Os("debian", "12")),
            "pkg:deb/debian/libstdc%2B%2B6@1:2.3~rc1%2Bb2-4?arch=amd64&"
            "distro=debian-12");
  EXPECT_EQ(PackageUrl(Package("deb", "a/b c%\xc3\xa4", "1", ""), {}),
            "pkg:deb/a%2Fb%20c%25%C3%A4@1");
}

TEST(PackageUrl, AnRpmsEpochIsAQualifier) {
  EXPECT_EQ(
      PackageUrl(Package("rpm", "NetworkManager", "1:1.40.0-1.el8", "x86_64"),
                 Os("rhel", "8.6")),
      "pkg:rpm/redhat/NetworkManager@1.40.0-1.el8?arch=x86_64&"
      "distro=rhel-8.6&epoch=1");
}

TEST(PackageUrl, OfALanguagesPackageHasItsNamespaceAndNoSystem) {
  const model::OsRelease os = Os("debian", "12");
  EXPECT_EQ(PackageUrl(Package("npm", "@babel/core", "7.1.0", ""), os),
            "pkg:npm/%40babel/core@7.1.0");
  EXPECT_EQ(
      PackageUrl(
          Package("maven", "org.apache.logging:log4j-core", "2.14.1", ""), os),
      "pkg:maven/org.apache.logging/log4j-core@2.14.1");
  EXPECT_EQ(PackageUrl(Package("golang", "golang.org/x/net", "v0.1.0", ""), os),
            "pkg:golang/golang.org/x/net@v0.1.0");
  EXPECT_EQ(PackageUrl(Package("pypi", "requests", "2.28.1", ""), os),
            "pkg:pypi/requests@2.28.1");
}

TEST(PackageUrl, ARollingSystemIsNamedByItsCodename) {
  model::OsRelease os = Os("debian", "");
  os.codename = "sid";
  EXPECT_EQ(PackageUrl(Package("deb", "a", "1", ""), os),
            "pkg:deb/debian/a@1?distro=debian-sid");
}

TEST(PackageUrl, TheSourceIsToldWhereItDiffers) {
  model::Package package = Package("deb", "libc6", "2.36-9+deb12u4", "amd64");
  package.source_name = "glibc";
  package.source_version = package.version;
  EXPECT_EQ(PackageUrl(package, Os("debian", "12")),
            "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&"
            "distro=debian-12&upstream=glibc");
  package.source_version = "2.36-9";
  EXPECT_EQ(
      PackageUrl(package, {}),
      "pkg:deb/libc6@2.36-9%2Bdeb12u4?arch=amd64&upstream=glibc%402.36-9");
  package.source_name = package.name;
  package.source_version = package.version;
  EXPECT_EQ(PackageUrl(package, {}),
            "pkg:deb/libc6@2.36-9%2Bdeb12u4?arch=amd64");
  model::Package rpm = Package("rpm", "openssl-libs", "1:3.0.7-6.el9", "");
  rpm.source_name = "openssl";
  rpm.source_version = "3.0.7-6.el9";
  EXPECT_EQ(PackageUrl(rpm, Os("fedora", "39")),
            "pkg:rpm/fedora/openssl-libs@3.0.7-6.el9?distro=fedora-39&epoch=1&"
            "upstream=openssl-3.0.7-6.el9.src.rpm");
}

// What purl-spec's own examples and tests have for the types, from their parts.
TEST(PackageUrl, EachTypeIsAsTheSpecHasIt) {
  struct Case {
    const char* type;
    const char* name;
    const char* version;
    const char* url;
  };
  const Case kCases[] = {
      {"npm", "%40", "1", "pkg:npm/%2540@1"},
      {"npm", "@angular/animation", "12.3.1",
       "pkg:npm/%40angular/animation@12.3.1"},
      {"npm", "foobar", "12.3.1", "pkg:npm/foobar@12.3.1"},
      {"golang", "github.com/BurntSushi/toml", "v1.2.0",
       "pkg:golang/github.com/burntsushi/toml@v1.2.0"},
      {"golang", "github.com/docker/docker", "v24.0.7+incompatible",
       "pkg:golang/github.com/docker/docker@v24.0.7%2Bincompatible"},
      {"golang", "a//b", "v1", "pkg:golang/a/b@v1"},
      {"composer", "Laravel/laravel", "5.5.0",
       "pkg:composer/laravel/laravel@5.5.0"},
      {"gem", "ruby-advisory-db-check", "0.12.4",
       "pkg:gem/ruby-advisory-db-check@0.12.4"},
      {"nuget", "EnterpriseLibrary.Common", "6.0.1304",
       "pkg:nuget/EnterpriseLibrary.Common@6.0.1304"},
      {"cargo", "rand", "0.7.2", "pkg:cargo/rand@0.7.2"},
      {"pub", "flutter_Downloader", "1.0.0",
       "pkg:pub/flutter_downloader@1.0.0"},
      {"hex", "Jason", "1.1.2", "pkg:hex/jason@1.1.2"},
      {"hackage", "AC-HalfInteger", "1.2.1",
       "pkg:hackage/AC-HalfInteger@1.2.1"},
      {"cran", "A3", "1.0.0", "pkg:cran/A3@1.0.0"},
      {"ebuild", "app-containers/skopeo", "1.5.1-r2",
       "pkg:ebuild/app-containers/skopeo@1.5.1-r2"},
      {"conan", "openssl", "3.0.3", "pkg:conan/openssl@3.0.3"},
      {"swift", "github.com/Alamofire/Alamofire", "5.4.3",
       "pkg:swift/github.com/Alamofire/Alamofire@5.4.3"},
      {"cocoapods", "ShareKit/Twitter", "2.0",
       "pkg:cocoapods/ShareKit@2.0#Twitter"},
      {"cocoapods", "AFNetworking", "4.0.1",
       "pkg:cocoapods/AFNetworking@4.0.1"},
      {"maven", "org.apache.xmlgraphics:batik-anim", "1.9.1",
       "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1"},
      {"maven", "net.sf.jacob-project:jacob", "1.14.3",
       "pkg:maven/net.sf.jacob-project/jacob@1.14.3"},
      {"maven", "libintl", "0.21", "pkg:generic/libintl@0.21"},
      {"generic", "openssl", "1.1.10g", "pkg:generic/openssl@1.1.10g"},
      {"generic", "a/b", "1", "pkg:generic/a%2Fb@1"},
  };
  for (const Case& each : kCases) {
    EXPECT_EQ(PackageUrl(Package(each.type, each.name, each.version, ""),
                         Os("debian", "12")),
              each.url);
  }
  EXPECT_EQ(PackageUrl(Package("conda", "Absl-py", "0.4.1", "linux-64"), {}),
            "pkg:conda/absl-py@0.4.1?subdir=linux-64");
  EXPECT_EQ(PackageUrl(Package("alpm", "pacman", "6.0.1-1", "x86_64"),
                       Os("arch", "")),
            "pkg:alpm/arch/pacman@6.0.1-1?arch=x86_64&distro=arch");
  EXPECT_EQ(PackageUrl(Package("alpm", "python-pip", "21.0-1", "any"),
                       Os("arch", "")),
            "pkg:alpm/arch/python-pip@21.0-1?arch=any&distro=arch");
  EXPECT_EQ(PackageUrl(Package("opkg", "busybox", "1.36.1-r3", "x86_64"),
                       Os("openwrt", "23.05.2")),
            "pkg:opkg/openwrt/busybox@1.36.1-r3?arch=x86_64&"
            "distro=openwrt-23.05.2");
}

}  // namespace
}  // namespace landwaiter::agent::inspect
