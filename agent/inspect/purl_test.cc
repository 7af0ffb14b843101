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

}  // namespace
}  // namespace landwaiter::agent::inspect
