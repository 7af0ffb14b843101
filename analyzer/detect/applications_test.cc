#include <set>
#include <string>
#include <string_view>

#include "analyzer/detect/catalog.h"
#include "analyzer/detect/detect_fixture.h"
#include "gmock/gmock.h"

namespace landwaiter::analyzer::detect {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ApplicationsTest : public DetectTest {};

TEST_F(ApplicationsTest, EveryEcosystemFindsItsPackagesAndSaysHowToFixThem) {
  const struct {
    const char* ecosystem;
    const char* advised;
    const char* type;
    const char* name;
    const char* version;
    const char* fixed;
    const char* command;
  } kCases[] = {
      {"PyPI", "Django", "pypi", "django", "4.2.0rc1", "4.2",
       "pip install --upgrade 'django==4.2'"},
      {"npm", "@babel/core", "npm", "@babel/core", "7.0.0-beta.1", "7.0.0",
       "npm install '@babel/core@7.0.0'"},
      {"Maven", "org.a:b", "maven", "org.a:b", "1.0-rc1", "1.0",
       "mvn versions:use-dep-version -DforceVersion=true -Dincludes=org.a:b "
       "-DdepVersion=1.0"},
      {"Go", "golang.org/x/net", "golang", "golang.org/x/net",
       "v0.0.0-20210101000000-0123456789ab", "0.7.0",
       "go get golang.org/x/net@v0.7.0"},
      {"Go", "stdlib", "golang", "stdlib", "1.21.0", "1.21.1",
       "go get toolchain@go1.21.1"},
      {"crates.io", "tokio", "cargo", "tokio", "1.8.0", "1.8.4",
       "cargo update -p tokio --precise 1.8.4"},
      {"RubyGems", "nokogiri", "gem", "nokogiri", "1.13.9-x86_64-linux",
       "1.13.10", "gem install nokogiri:1.13.10"},
      {"Packagist", "Symfony/Http-Kernel", "composer", "symfony/http-kernel",
       "v5.4.0", "5.4.20",
       "composer require --update-with-dependencies "
       "'symfony/http-kernel:^5.4.20'"},
      {"NuGet", "Newtonsoft.Json", "nuget", "newtonsoft.JSON", "12.0.3",
       "13.0.1", "dotnet add package newtonsoft.JSON --version 13.0.1"},
      {"Hex", "plug", "hex", "plug", "1.0.0", "1.0.4", "mix deps.update plug"},
      {"Pub", "http", "pub", "http", "0.13.0", "0.13.3",
       "dart pub add 'http:^0.13.3'"},
      {"SwiftURL", "https://github.com/Apple/swift-nio.git", "swift",
       "github.com/apple/swift-nio", "2.0.0", "2.13.1",
       "swift package update swift-nio"},
      {"ConanCenter", "zlib", "conan", "zlib", "1.2.11", "1.2.12",
       "conan install --update --requires=zlib/1.2.12"},
      {"CRAN", "commonmark", "cran", "commonmark", "1.7", "1.8",
       "Rscript -e 'remotes::install_version(\"commonmark\",\"1.8\")'"},
      {"Hackage", "aeson", "hackage", "aeson", "1.5.6.0", "2.0.1.0",
       "cabal install --lib aeson-2.0.1.0"},
      {"Julia", "HTTP", "julia", "HTTP", "1.10.0", "1.10.17",
       "julia -e 'using Pkg; Pkg.add(name=\"HTTP\",version=\"1.10.17\")'"},
      {"Bitnami", "apache", "generic", "httpd", "2.4.49", "2.4.50",
       "build the image with httpd 2.4.50 or later"}};
  for (const auto& c : kCases) {
    store_ = advisory::MemoryStore();
    inventory_.packages.clear();
    Advise("GHSA-1", Fixed(c.ecosystem, c.advised, c.fixed));
    InstallApp(c.type, c.name, c.version);
    const model::Finding finding = Only();
    EXPECT_EQ(finding.category, model::Category::kApplication) << c.ecosystem;
    EXPECT_EQ(finding.fixed_version, c.fixed) << c.ecosystem;
    EXPECT_EQ(finding.fix_command, c.command) << c.ecosystem;
    EXPECT_FALSE(Detect().no_advisory_data) << c.ecosystem;
    inventory_.packages[0].package.version = c.fixed;
    EXPECT_THAT(Found(), IsEmpty()) << c.ecosystem;
  }
}

TEST_F(ApplicationsTest, MiddlewareIsFoundByNvdAndByBitnami) {
  Advise("CVE-2021-23017", Fixed("CPE", "f5:nginx", "1.20.1"));
  InstallApp("generic", "nginx", "1.20.0");
  EXPECT_THAT(Found(), ElementsAre("CVE-2021-23017 nginx 1.20.0 -> 1.20.1"));
  EXPECT_EQ(Detect().applications[0].name, "CPE");
  Advise("BIT-nginx-2021-23017", Fixed("Bitnami", "nginx", "1.20.1"),
         R"(, "aliases": ["CVE-2021-23017"])");
  EXPECT_EQ(Only().id, "CVE-2021-23017");
}

TEST_F(ApplicationsTest, VersionsOfMiddlewareHaveLettersAndRevisions) {
  Advise("CVE-1", Fixed("CPE", "openssl:openssl", "1.1.1w"));
  Advise("CVE-2", Fixed("CPE", "redis:redis", "7.0.5"));
  Advise("CVE-3", Fixed("CPE", "apache:http_server", "2.4.50"));
  InstallApp("generic", "openssl", "1.1.1k");
  InstallApp("generic", "httpd", "2.4.50-rc1");
  EXPECT_THAT(Found(), ElementsAre("CVE-3 httpd 2.4.50-rc1 -> 2.4.50",
                                   "CVE-1 openssl 1.1.1k -> 1.1.1w"));
  inventory_.packages.clear();
  InstallApp("generic", "openssl", "1.1.1w");
  InstallApp("generic", "redis", "7.0.5-3");  // Bitnami's third of it
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(ApplicationsTest, NamesOfAnotherEcosystemAreOthers) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "requests", "9"));
  Advise("GHSA-1", Fixed("npm", "requests", "9"));
  Advise("GHSA-2", Fixed("PyPI", "requests", "9"));
  InstallApp("pypi", "requests", "2");
  EXPECT_THAT(Found(), ElementsAre("GHSA-2 requests 2 -> 9"));
}

TEST_F(ApplicationsTest, WhatTheSystemInstalledIsTheSystems) {
  System("debian", "12");
  Advise("DSA-1", Fixed("Debian:12", "x", "9"));
  Advise("GHSA-2", Fixed("PyPI", "requests", "9"));
  Install("deb", "python3-requests", "2.28.1+dfsg-1", "requests");
  InstallApp("pypi", "requests", "2.28.1");
  inventory_.packages.back().owned = true;
  EXPECT_THAT(Found(), IsEmpty());
  EXPECT_THAT(Detect().applications, IsEmpty());
}

TEST_F(ApplicationsTest, AVersionThatIsNoneIsNotMatched) {
  Advise("GHSA-1", Fixed("Packagist", "a/b", "9"));
  Advise("GHSA-2", Fixed("Go", "example.org/m", "9.0.0"));
  Advise("GHSA-3", Fixed("Maven", "g:a", "9"));
  Advise("GHSA-4", Fixed("npm", "n", "9.0.0"));
  for (const char* version : {"dev-master", "2.x-dev", ""}) {
    InstallApp("composer", "a/b", version);
  }
  InstallApp("golang", "example.org/m", "(devel)");
  InstallApp("maven", "g:a", "${revision}");
  InstallApp("npm", "n", "^1.2.0");
  InstallApp("npm", "n", "1.2.0 || 2.0.0");
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(ApplicationsTest, RecordsOfThreeFeedsAboutAFlawAreOneFinding) {
  Advise("GHSA-1", Fixed("PyPI", "pillow", "10.0.1"),
         R"(, "aliases": ["CVE-2023-4863", "PYSEC-1"])");
  Advise("PYSEC-1", Fixed("PyPI", "pillow", "10.0.2"),
         R"(, "aliases": ["GHSA-1"])");
  InstallApp("pypi", "pillow", "9.0");
  const model::Finding finding = Only();
  EXPECT_EQ(finding.id, "CVE-2023-4863");
  EXPECT_EQ(finding.advisory, "GHSA-1");
  EXPECT_THAT(finding.aliases, ElementsAre("PYSEC-1"));
  EXPECT_EQ(finding.fixed_version, "10.0.1");
}

TEST_F(ApplicationsTest, ALanguagesOwnDatabaseDecides) {
  Advise("GHSA-1", Fixed("Go", "example.org/m", "1.9.0"),
         R"(, "aliases": ["CVE-1"])");
  Advise("GO-1", Fixed("Go", "example.org/m", "1.2.0"),
         R"(, "aliases": ["CVE-1", "GHSA-1"])");
  InstallApp("golang", "example.org/m", "v1.1.0");
  EXPECT_EQ(Only().advisory, "GO-1");
  inventory_.packages[0].package.version = "v1.3.0";
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(ApplicationsTest, WhereTheDecidingRecordHasNoRatingAnothersCounts) {
  Advise("GO-1", Fixed("Go", "example.org/m", "1.2.0"),
         R"(, "aliases": ["CVE-1", "GHSA-1"])");
  Advise("GHSA-1", Fixed("Go", "example.org/m", "1.9.0"),
         R"(, "aliases": ["CVE-1"],
            "database_specific": {"severity": "HIGH"})");
  InstallApp("golang", "example.org/m", "v1.1.0");
  EXPECT_EQ(Only().advisory, "GO-1");
  EXPECT_EQ(Only().severity, model::Severity::kHigh);
}

TEST_F(ApplicationsTest, AFlawWithoutACveGoesByTheNameThatMostKnow) {
  Advise("PYSEC-7", Fixed("PyPI", "a", "2"), R"(, "aliases": ["GHSA-7"])");
  Advise("GHSA-7", Fixed("PyPI", "a", "2"));
  InstallApp("pypi", "a", "1");
  EXPECT_EQ(Only().id, "GHSA-7");
}

TEST_F(ApplicationsTest, TheFixIsOnTheBranchOfTheInstalledVersion) {
  Advise("GHSA-1",
         R"({"package": {"ecosystem": "npm", "name": "n"}, "ranges": [
            {"type": "SEMVER", "events": [{"introduced": "0"},
             {"fixed": "1.4.2"}, {"introduced": "2.0.0"},
             {"fixed": "2.3.1"}]}]})");
  model::Package& package = InstallApp("npm", "n", "1.2.0");
  EXPECT_EQ(Only().fixed_version, "1.4.2");
  EXPECT_EQ(Only().range, "introduced 0, fixed 1.4.2");
  EXPECT_EQ(Only().impact, "minor version step, 1.2.0 to 1.4.2");
  package.version = "2.1.0";
  EXPECT_EQ(Only().fixed_version, "2.3.1");
  EXPECT_EQ(Only().range, "introduced 2.0.0, fixed 2.3.1");
  package.version = "1.4.2";
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(ApplicationsTest, ListedVersionsAreComparedByTheOrder) {
  Advise("GHSA-1", R"({"package": {"ecosystem": "PyPI", "name": "n"},
                       "versions": ["1.0", "1.1"]})");
  InstallApp("pypi", "n", "1.0.0");
  EXPECT_EQ(Only().range, "listed");
  inventory_.packages[0].package.version = "1.2";
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(ApplicationsTest, AMaliciousPackageIsMostUrgent) {
  advisory::Advisory malware;
  malware.details = {.id = "MAL-1", .malicious = true};
  malware.affected.emplace_back();
  malware.affected[0].ecosystem = "npm";
  malware.affected[0].package = "n";
  malware.affected[0].versions = {"1.0.0"};
  store_.Add(malware);
  InstallApp("npm", "n", "1.0.0");
  EXPECT_EQ(Only().severity, model::Severity::kCritical);
  EXPECT_EQ(Only().priority, 100);
}

TEST_F(ApplicationsTest, WhatIsOnlyAskedForIsMarked) {
  Advise("GHSA-1", Fixed("npm", "n", "2.0.0"));
  model::Package& package = InstallApp("npm", "n", "1.0.0");
  package.declared = package.development = true;
  package.location = "a.jar!/b";
  EXPECT_TRUE(Only().declared);
  EXPECT_TRUE(Only().development);
  EXPECT_EQ(Only().location, "a.jar!/b");
}

TEST_F(ApplicationsTest, AnEcosystemWithoutAdvisoriesIsSaidToHaveNone) {
  Advise("GHSA-1", Fixed("npm", "n", "2.0.0"));
  InstallApp("npm", "m", "1.0.0");
  InstallApp("cran", "a", "1.0");
  InstallApp("conda", "b", "1.0");
  const DetectionResult result = Detect();
  ASSERT_EQ(result.applications.size(), 3u);
  EXPECT_EQ(result.applications[0].name, "CRAN");
  EXPECT_TRUE(result.applications[0].no_advisory_data);
  EXPECT_EQ(result.applications[1].name, "conda");
  EXPECT_TRUE(result.applications[1].no_advisory_data);
  EXPECT_EQ(result.applications[2].name, "npm");
  EXPECT_FALSE(result.applications[2].no_advisory_data);
  EXPECT_FALSE(result.no_advisory_data);
}

TEST_F(ApplicationsTest, ASystemWithoutAdvisoriesDoesNotKeepThemFromMatching) {
  System("slackware", "15.0");
  Advise("GHSA-1", Fixed("npm", "n", "2.0.0"));
  InstallApp("npm", "n", "1.0.0");
  EXPECT_TRUE(Detect().no_advisory_data);
  EXPECT_EQ(Only().advisory, "GHSA-1");
}

TEST(EcosystemCatalogTest, EveryOneIsThereOnce) {
  std::set<std::string_view> names;
  for (const Ecosystem* ecosystem : AllEcosystems()) {
    EXPECT_TRUE(names.insert(ecosystem->name()).second) << ecosystem->name();
  }
}

}  // namespace
}  // namespace landwaiter::analyzer::detect
