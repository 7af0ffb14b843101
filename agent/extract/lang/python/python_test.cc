#include "agent/extract/lang/python/python.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "agent/extract/archive/testing/zip_builder.h"
#include "agent/extract/lang/python/name.h"
#include "agent/extract/lang/testing/rows.h"
#include "agent/extract/testing/fixtures.h"

namespace landwaiter::agent::extract::lang {
namespace {

using extract::testing::Extract;
using extract::testing::ExtractFromDamaged;
using testing::Development;
using ::testing::ElementsAre;
using testing::ExpectCorpus;
using ::testing::IsEmpty;
using testing::Rows;
using testing::RowsOf;

constexpr char kMetadata[] =
    "usr/lib/python3/dist-packages/a-1.0.dist-info/METADATA";
constexpr char kEggInfo[] = "usr/lib/python3/dist-packages/a.egg-info";
constexpr char kRequirements[] = "app/requirements.txt";
constexpr char kPoetry[] = "app/poetry.lock";
constexpr char kUv[] = "app/uv.lock";
constexpr char kPdm[] = "app/pdm.lock";
constexpr char kPipfile[] = "app/Pipfile.lock";
constexpr char kConda[] = "opt/conda/conda-meta/pip-22.2.2-py38_0.json";

std::string Normalize(std::string_view name) {
  return NormalizedPythonName(name);
}

TEST(PythonTest, NamesAreNormalised) {
  EXPECT_EQ(NormalizedPythonName("Zope.Interface"), "zope-interface");
  EXPECT_EQ(NormalizedPythonName("a__-.B"), "a-b");
}

TEST(PythonTest, AnInstalledPackageIsToldByItsMetadata) {
  const auto extract = Extract(Python(), kMetadata,
                               "Metadata-Version: 2.1\nName: Flask_Login\n"
                               "Version: 0.6.2\nLicense: MIT\n"
                               "Classifier: License :: OSI Approved :: X\n"
                               "\nName: of the description\n");
  EXPECT_THAT(Rows(extract), ElementsAre("flask-login 0.6.2"));
  EXPECT_THAT(extract.packages[0].licenses, ElementsAre("MIT"));
  EXPECT_FALSE(extract.packages[0].declared);
}

TEST(PythonTest, TheBestOfThreePlacesForALicenceCounts) {
  const std::string head = "Name: a\nVersion: 1\n";
  const auto licenses = [&](const std::string& text) {
    return Extract(Python(), kMetadata, head + text).packages[0].licenses;
  };
  EXPECT_THAT(licenses("License: x\nLicense-Expression: MIT OR X\n"),
              ElementsAre("MIT OR X"));
  EXPECT_THAT(licenses("License: UNKNOWN\nClassifier: License :: OSI Approved "
                       ":: MIT License\nClassifier: Topic :: License\n"),
              ElementsAre("MIT License"));
  EXPECT_THAT(licenses("License: Copyright\n me\n"), IsEmpty());
}

TEST(PythonTest, MetadataOfEveryKindIsWanted) {
  EXPECT_TRUE(Python().Wants(kMetadata));
  EXPECT_TRUE(Python().Wants(kEggInfo));
  EXPECT_TRUE(Python().Wants("site-packages/a.egg-info/PKG-INFO"));
  EXPECT_TRUE(Python().Wants("site-packages/a-1.egg/EGG-INFO/PKG-INFO"));
  EXPECT_FALSE(Python().Wants("site-packages/a-1.dist-info/RECORD"));
  EXPECT_FALSE(Python().Wants("site-packages/a/requirements.txt"));
  EXPECT_FALSE(Python().Wants("app/requirements.in"));
}

TEST(PythonTest, RequirementsAreExactVersionsAlone) {
  EXPECT_THAT(
      RowsOf(Python(), kRequirements,
             "-r other.txt\n# comment\nA.b[x, y] == 1.0 ; python_version>'3'\n"
             "c==2.0 --hash=sha256:1\nd===3.0#comment\ne>=4\nf==5.*\n"
             "g==6,<7\nh=={{ version }}\nhttps://example.org/x==1\n"
             "i==1.0 \\\n    --hash=sha256:2\n"),
      ElementsAre("a-b 1.0", "c 2.0", "d 3.0", "i 1.0"));
  EXPECT_THAT(RowsOf(Python(), "app/requirements-dev.txt", "a==1\n"),
              ElementsAre("a 1 dev"));
}

TEST(PythonTest, RequirementsInUtf16AreRead) {
  EXPECT_THAT(RowsOf(Python(), kRequirements,
                     std::string("\xFF\xFE"
                                 "a\0=\0=\0001\0\n\0",
                                 12)),
              ElementsAre("a 1"));
}

TEST(PythonTest, PoetryLocksTellDevelopment) {
  EXPECT_THAT(RowsOf(Python(), kPoetry,
                     "[[package]]\nname = \"A\"\nversion = \"1.0\"\n"
                     "category = \"dev\"\n"
                     "[[package]]\nname = \"b\"\nversion = \"2.0\"\n"
                     "groups = [\"main\", \"dev\"]\n"
                     "[package.dependencies]\nversion = \"9\"\n"
                     "[[package]]\nname = \"c\"\nversion = \"3.0\"\n"
                     "groups = [\"dev\"]\n"
                     "[[package]]\nname = \"d\"\nversion = \"4.0\"\n"
                     "[package.source]\ntype = \"directory\"\nurl = \"x\"\n"
                     "[metadata]\nlock-version = \"2.1\"\n"),
              ElementsAre("a 1.0 dev", "b 2.0", "c 3.0 dev"));
}

TEST(PythonTest, UvAndPdmLocksLeaveOutTheProjectItself) {
  EXPECT_THAT(RowsOf(Python(), kUv,
                     "version = 1\n"
                     "[[package]]\nname = \"a\"\nversion = \"1.0\"\n"
                     "source = { registry = \"https://example.org\" }\n"
                     "[[package]]\nname = \"mine\"\nversion = \"0.1\"\n"
                     "source = { editable = \".\" }\n"),
              ElementsAre("a 1.0"));
  EXPECT_THAT(RowsOf(Python(), kPdm,
                     "[[package]]\nname = \"a\"\nversion = \"1.0\"\n"
                     "groups = [\"security\"]\n"
                     "[[package]]\nname = \"b\"\nversion = \"1.0\"\n"
                     "path = \"./b\"\n"),
              ElementsAre("a 1.0"));
}

TEST(PythonTest, APipfileLockTellsDevelopment) {
  EXPECT_THAT(RowsOf(Python(), kPipfile,
                     R"({"_meta": {}, "default": {"A": {"version": "==1.0"},
                         "git": {"git": "https://example.org", "ref": "1"}},
                         "develop": {"b": {"version": "==2.0"}}})"),
              ElementsAre("a 1.0", "b 2.0 dev"));
}

TEST(PythonTest, UvTellsDevelopmentByWhoAsks) {
  EXPECT_THAT(RowsOf(Python(), kUv,
                     "version = 1\n"
                     "[[package]]\nname = \"app\"\nversion = \"0.1\"\n"
                     "source = { virtual = \".\" }\n"
                     "dependencies = [{ name = \"a\" }]\n"
                     "[package.optional-dependencies]\n"
                     "extra = [{ name = \"e\" }]\n"
                     "[package.dev-dependencies]\n"
                     "dev = [{ name = \"t\" }, { name = \"s\" }]\n"
                     "[[package]]\nname = \"a\"\nversion = \"1\"\n"
                     "dependencies = [{ name = \"s\" }]\n"
                     "[[package]]\nname = \"e\"\nversion = \"1\"\n"
                     "[[package]]\nname = \"s\"\nversion = \"1\"\n"
                     "[[package]]\nname = \"t\"\nversion = \"1\"\n"
                     "dependencies = [{ name = \"m\", marker = \"x\" }]\n"
                     "[[package]]\nname = \"m\"\nversion = \"1\"\n"),
              ElementsAre("a 1", "e 1", "m 1 dev", "s 1", "t 1 dev"));
}

TEST(PythonTest, PdmTellsDevelopmentByTheUsualNamesOfGroups) {
  EXPECT_THAT(RowsOf(Python(), "app/pdm.lock",
                     "[[package]]\nname = \"a\"\nversion = \"1\"\n"
                     "groups = [\"default\", \"dev\"]\n"
                     "[[package]]\nname = \"b\"\nversion = \"1\"\n"
                     "groups = [\"dev\", \"lint\"]\n"
                     "[[package]]\nname = \"c\"\nversion = \"1\"\n"
                     "groups = [\"dev\", \"s3\"]\n"
                     "[[package]]\nname = \"d\"\nversion = \"1\"\n"),
              ElementsAre("a 1", "b 1 dev", "c 1", "d 1"));
}

TEST(PythonTest, CondaTellsInstalledPackages) {
  const auto extract =
      Extract(Python(), kConda,
              R"({"name": "pip", "version": "22.2.2", "license": "MIT",
          "subdir": "linux-64", "link": {"version": "9"}})");
  EXPECT_THAT(Rows(extract), ElementsAre("pip 22.2.2"));
  EXPECT_EQ(extract.packages[0].type, "conda");
  EXPECT_EQ(extract.packages[0].architecture, "linux-64");
  EXPECT_FALSE(extract.packages[0].declared);
  EXPECT_FALSE(Python().Wants("opt/conda/conda-meta/history"));
}

TEST(PythonTest, AZippedEggIsAnInstalledPackage) {
  using archive::testing::ZipBuilder;
  const std::string metadata =
      "Metadata-Version: 1.1\nName: Kitchen\nVersion: 1.2.6\nLicense: LGPL\n";
  for (const std::string& egg :
       {ZipBuilder()
            .Deflated("kitchen/__init__.py", "")
            .Deflated("EGG-INFO/PKG-INFO", metadata)
            .Build(),
        // As a script for people who run it.
        "#!/bin/sh\n" +
            ZipBuilder().Store("EGG-INFO/PKG-INFO", metadata).Build()}) {
    const auto extract = Extract(
        Python(), "usr/lib/python2.7/site-packages/kitchen-1.2.6.egg", egg);
    EXPECT_THAT(Rows(extract), ElementsAre("kitchen 1.2.6"));
    EXPECT_FALSE(extract.packages[0].declared);
    EXPECT_THAT(extract.packages[0].licenses, ElementsAre("LGPL"));
  }
  EXPECT_THAT(RowsOf(Python(), "a/b.egg", "no zip"), IsEmpty());
  EXPECT_THAT(RowsOf(Python(), "a/b.egg", ZipBuilder().Store("x", "").Build()),
              IsEmpty());
}

TEST(PythonTest, PylockTellsWhatIsOfAnIndex) {
  EXPECT_THAT(RowsOf(Python(), "app/pylock.toml",
                     "lock-version = \"1.0\"\n"
                     "[[packages]]\nname = \"A_b\"\nversion = \"1\"\n"
                     "[[packages.wheels]]\nname = \"x-2.whl\"\n"
                     "[[packages]]\nname = \"mine\"\nversion = \"2\"\n"
                     "[packages.directory]\npath = \".\"\n"
                     "[[packages]]\nname = \"c\"\nversion = \"3\"\n"),
              ElementsAre("a-b 1", "c 3"));
  EXPECT_TRUE(Python().Wants("pylock.prod.toml"));
  EXPECT_FALSE(Python().Wants("pyproject.toml"));
}

TEST(PythonTest, ACondaEnvironmentTellsExactVersions) {
  const auto extract = Extract(Python(), "app/environment.yml",
                               "name: x\ndependencies:\n"
                               "  - blas=1.0=openblas\n"
                               "  - conda-forge::bzip2==1.0.8\n"
                               "  - python\n"
                               "  - libffi=3.*\n"
                               "  - libgcc>=13\n"
                               "  - libgomp 13.2.0 hf_5\n"
                               "  - pip:\n"
                               "      - Django==5.0.6\n"
                               "      - asgiref>=3\n");
  EXPECT_THAT(Rows(extract), ElementsAre("blas 1.0", "bzip2 1.0.8",
                                         "django 5.0.6", "libgomp 13.2.0"));
  EXPECT_EQ(extract.packages[0].type, "conda");
  EXPECT_EQ(extract.packages.back().type, "pypi");
  EXPECT_TRUE(extract.packages[0].declared);
}

TEST(PythonTest, DamagedFilesEndInAnExtract) {
  ExtractFromDamaged(Python(), kMetadata, "Name: a\nVersion: 1.0\n\ntext\n");
  ExtractFromDamaged(Python(), kRequirements, "a==1.0\nb==2.0\n");
  EXPECT_GT(ExtractFromDamaged(Python(), kPoetry,
                               "[[package]]\nname = \"a\"\nversion = \"1\"\n"),
            5);
  EXPECT_GT(ExtractFromDamaged(
                Python(), kPipfile,
                R"({"default": {"a": {"version": "==1.0"}}, "develop": {}})"),
            30);
}

TEST(PythonTest, CorpusMetadataComesOutAsExpected) {
  const std::string folder = "python/packaging/testdata/";
  const std::string metadata[] = {"asyncssh-2.14.2.METADATA",
                                  "distlib-0.3.1.METADATA",
                                  "iniconfig-2.0.0.METADATA",
                                  "networkx-3.0.METADATA",
                                  "pyphen-0.14.0.METADATA",
                                  "simple-0.1.0.METADATA",
                                  "zipp-3.12.1.METADATA",
                                  "setuptools-51.3.3-py3.8.egg-info.PKG-INFO",
                                  "unidecode-egg-info.PKG-INFO",
                                  "distlib-0.3.1-py3.9.egg-info"};
  for (const std::string& name : metadata) {
    const std::string fixture = folder + name;
    ExpectCorpus(Python(), "trivy-parser",
                 {{.fixture = fixture,
                   .path = name.ends_with("METADATA") ? kMetadata : kEggInfo,
                   .normalize = Normalize}});
  }
}

TEST(PythonTest, CorpusInstalledPackagesComeOutAsPublished) {
  const auto corpus = extract::testing::Corpus();
  if (!corpus.has_value()) GTEST_SKIP() << "LANDWAITER_CORPUS is not set";
  const std::string folder = *corpus + "/lang/registry/python/";
  const auto truth = extract::testing::ReadTsv(folder + "TRUTH.tsv");
  for (size_t i = 1; i < truth.size(); ++i) {
    const std::string path = "site-packages/" + truth[i][2];
    EXPECT_THAT(
        RowsOf(Python(), path, extract::testing::ReadFile(folder + path)),
        ElementsAre(NormalizedPythonName(truth[i][0]) + " " + truth[i][1]));
  }
  EXPECT_EQ(truth.size(), 12u);
}

TEST(PythonTest, CorpusRequirementsComeOutAsExpected) {
  const char kRange[] = "a range, of which the lowest version is expected";
  const std::string pip = "python/pip/testdata/";
  const std::string exact[] = {
      "requirement_exstras.txt",     "requirements_comments.txt",
      "requirements_flask.txt",      "requirements_hyphens.txt",
      "requirements_no_version.txt", "requirements_spaces.txt",
      "requirements_hash.txt",       "requirements_utf16le.txt"};
  for (const std::string& name : exact) {
    const std::string fixture = pip + name;
    ExpectCorpus(
        Python(), "trivy-parser",
        {{.fixture = fixture, .path = kRequirements, .normalize = Normalize}});
  }
  const std::string compatible = pip + "requirements_compatible.txt";
  const std::string operators = pip + "requirements_operator.txt";
  ExpectCorpus(
      Python(), "trivy-parser",
      {{.fixture = compatible,
        .path = kRequirements,
        .otherwise = {{"-eventlet 0.18.2", kRange},
                      {"-pyjwt 1.2", kRange},
                      {"-keyring 4.1.1", kRange},
                      {"-mopidy-dirble 1.1", kRange},
                      {"-python-gitlab 2.0.0", kRange}},
        .normalize = Normalize},
       {.fixture = operators, .path = kRequirements, .normalize = Normalize}});
}

TEST(PythonTest, CorpusCondaEnvironmentsComeOutAsExpected) {
  const char kOpen[] = "asked for at no version, or a range of them";
  const char kPath[] = "app/environment.yml";
  const std::string happy = "conda/environment/testdata/happy.yaml";
  ExpectCorpus(Python(), "trivy-parser",
               {{.fixture = happy,
                 .path = kPath,
                 .otherwise = {{"-_openmp_mutex ", kOpen},
                               {"-ld_impl_linux-aarch64 ", kOpen},
                               {"-libblas ", kOpen},
                               {"-libcblas ", kOpen},
                               {"-libgcc-ng ", kOpen},
                               {"-libgfortran-ng ", kOpen},
                               {"-libgfortran5 ", kOpen},
                               {"-liblapack ", kOpen}}},
                {.fixture = "conda/environment/testdata/operator-only-dep.yaml",
                 .path = kPath}});
  for (const char* fixture :
       {"conda/environment/testdata/environment.yaml",
        "conda/environment/testdata/environment-with-licenses.yaml"}) {
    ExpectCorpus(Python(), "trivy-analyzer",
                 {{.fixture = fixture,
                   .path = kPath,
                   .otherwise = {{"-_libgcc_mutex ", kOpen}}}});
  }
}

TEST(PythonTest, CorpusPylockComesOutAsExpected) {
  ExpectCorpus(Python(), "trivy-parser",
               {{.fixture = "python/pylock/testdata/pylock.toml",
                 .path = "app/pylock.toml",
                 .normalize = Normalize}});
}

TEST(PythonTest, CorpusLocksComeOutAsExpected) {
  const std::string poetry = "python/poetry/testdata/poetry_";
  const std::string pipenv = "python/pipenv/testdata/Pipfile_";
  const std::string p1 = poetry + "flask.lock";
  const std::string p2 = poetry + "normal.lock";
  const std::string p3 = poetry + "v2_flask.lock";
  const std::string f1 = pipenv + "django.lock";
  const std::string f2 = pipenv + "many.lock";
  const std::string f3 = pipenv + "normal.lock";
  ExpectCorpus(
      Python(), "trivy-parser",
      {{.fixture = p1, .path = kPoetry, .normalize = Normalize},
       {.fixture = p2, .path = kPoetry, .normalize = Normalize},
       {.fixture = p3, .path = kPoetry, .normalize = Normalize},
       {.fixture = f1, .path = kPipfile, .normalize = Normalize},
       {.fixture = f2, .path = kPipfile, .normalize = Normalize},
       {.fixture = f3, .path = kPipfile, .normalize = Normalize},
       {.fixture = "python/uv/testdata/uv_normal.lock",
        .path = kUv,
        .otherwise = {{"-normal 0.1.0", "the project itself"}},
        .normalize = Normalize},
       {.fixture = "conda/meta/testdata/_libgcc_mutex-0.1-main.json",
        .path = kConda},
       {.fixture = "conda/meta/testdata/libgomp-11.2.0-h1234567_1.json",
        .path = kConda}});
}

}  // namespace
}  // namespace landwaiter::agent::extract::lang
