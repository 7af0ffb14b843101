// Programs of Debian's packages, fetched and unpacked here: the version found
// in each is the one that the package has. Packages are kept by the hash that
// apt's index has for them, so that only the first run fetches them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "agent/extract/software/software.h"
#include "agent/extract/testing/fixtures.h"
#include "core/base/strings.h"

namespace landwaiter::agent::extract::software {
namespace {

using extract::testing::HaveTool;
using extract::testing::ReadFile;
using extract::testing::RunCommand;

namespace fs = std::filesystem;

struct Case {
  std::string package;
  std::string file;  // its name, or how that begins and a "*"
  std::string product;
};

std::ostream& operator<<(std::ostream& out, const Case& each) {
  return out << each.package;
}

// "1:10.11.19-0+deb12u1" is 10.11.19; "18.20.4+dfsg-1~deb12u3" 18.20.4.
std::string Upstream(std::string_view version) {
  if (const size_t colon = version.find(':'); colon != version.npos) {
    version.remove_prefix(colon + 1);
  }
  return std::string(version.substr(0, version.find_first_of("-+~")));
}

// The largest, as scripts and settings may have a program's name.
std::string FindFile(const std::string& root, const std::string& name) {
  std::string largest;
  uintmax_t size = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_symlink() || !entry.is_regular_file()) continue;
    const std::string found = entry.path().filename().string();
    const bool begins = name.back() == '*' &&
                        found.starts_with(name.substr(0, name.size() - 1));
    if ((found == name || begins) && entry.file_size() > size) {
      largest = entry.path().string();
      size = entry.file_size();
    }
  }
  return largest;
}

const std::vector<Case>& Cases() {
  static const auto& cases = *new std::vector<Case>{
      {"nginx", "nginx", "nginx"},
      {"apache2-bin", "apache2", "httpd"},
      {"lighttpd", "lighttpd", "lighttpd"},
      {"haproxy", "haproxy", "haproxy"},
      {"memcached", "memcached", "memcached"},
      {"redis-tools", "redis-check-rdb", "redis"},
      {"postgresql-15", "postgres", "postgresql"},
      {"mariadb-server-core", "mariadbd", "mariadb"},
      {"libnode108", "libnode.so.108", "node"},
      {"python3.11-minimal", "python3.11", "python"},
      {"libpython3.11", "libpython3.11.so.1.0", "python"},
      {"php8.2-cli", "php8.2", "php"},
      {"openssl", "openssl", "openssl"},
      {"libssl3", "libcrypto.so.3", "openssl"},
      {"busybox", "busybox", "busybox"},
      {"curl", "curl", "curl"},
      {"libcurl4", "libcurl.so.4.8.0", "curl"},
      {"libtomcat9-java", "tomcat9-catalina-9*", "tomcat"},
  };
  return cases;
}

// Where packages are kept: what ./dev uses, else beside it.
std::string CacheDirectory() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  if (cache != nullptr) return std::string(cache) + "/landwaiter/debs";
  if (home != nullptr) return std::string(home) + "/.cache/landwaiter/debs";
  return {};
}

bool HasHash(const std::string& file, const std::string& sha256) {
  return fs::exists(file) &&
         RunCommand("sha256sum < " + file).starts_with(sha256);
}

// Gives the packages' files by their names, fetching those that are not kept
// yet. What cannot be fetched is left out.
std::map<std::string, std::string> FetchPackages(const std::string& cache) {
  std::string names;
  for (const Case& each : Cases()) names += " " + each.package;
  // 'ADDRESS' NAME_VERSION_ARCH.deb SIZE SHA256:HASH
  const std::string index = RunCommand("apt-get download --print-uris" + names +
                                       " 2>/dev/null || true");
  fs::create_directories(cache);
  std::map<std::string, std::string> files;
  std::string missing;
  for (std::string_view line : base::Split(index, '\n')) {
    const auto fields = base::Split(line, ' ');
    if (fields.size() < 4 || !fields[3].starts_with("SHA256:")) continue;
    const std::string package(fields[1].substr(0, fields[1].find('_')));
    const std::string sha256(fields[3].substr(7));
    const std::string file = cache + "/" + sha256 + ".deb";
    if (!HasHash(file, sha256)) missing += " " + package;
    files[package] = file;
  }
  if (missing.empty()) return files;
  // All at once: each start of apt takes seconds.
  const extract::testing::TempDir dir;
  RunCommand("cd " + dir.path() + " && chmod 777 . && timeout 90 apt-get " +
             "download" + missing + " >/dev/null 2>&1 || true");
  RunCommand("cd " + dir.path() + " && for each in *.deb; do " +
             "[ -e \"$each\" ] || continue; " +
             "sum=$(sha256sum < \"$each\" | cut -c1-64); cp \"$each\" " +
             cache + "/.$sum.$$ && mv " + cache + "/.$sum.$$ " + cache +
             "/$sum.deb; done");
  return files;
}

class DebianOracleTest : public ::testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    const std::string cache = CacheDirectory();
    if (!HaveTool("apt-get") || !HaveTool("dpkg-deb") || cache.empty()) return;
    files_ = new std::map<std::string, std::string>(FetchPackages(cache));
  }
  static void TearDownTestSuite() {
    delete files_;
    files_ = nullptr;
  }

  static std::map<std::string, std::string>* files_;  // null without the tools
};

std::map<std::string, std::string>* DebianOracleTest::files_ = nullptr;

TEST_P(DebianOracleTest, TheVersionIsThePackages) {
  const auto& [package, name, product] = GetParam();
  if (files_ == nullptr) GTEST_SKIP() << "no apt-get or dpkg-deb here";
  const auto file = files_->find(package);
  if (file == files_->end() || !fs::exists(file->second)) {
    GTEST_SKIP() << package << " cannot be fetched";
  }
  const std::string& archive = file->second;
  const extract::testing::TempDir dir;
  const std::string root = dir.path() + "/" + package;
  RunCommand("dpkg-deb -x " + archive + " " + root);
  const std::string version =
      Upstream(base::Strip(RunCommand("dpkg-deb -f " + archive + " Version")));
  const std::string path = FindFile(root, name);
  ASSERT_NE(path, "") << name;
  const std::string bytes = ReadFile(path);
  const Software software;
  EXPECT_TRUE(software.Wants(path) ||
              software.WantsContent({path, bytes.size(), bytes}));
  const auto extract = extract::testing::Extract(software, path, bytes);
  EXPECT_EQ(extract.problem, "");
  ASSERT_EQ(extract.packages.size(), 1u);
  EXPECT_EQ(extract.packages[0].name, product);
  EXPECT_EQ(extract.packages[0].version, version);
}

INSTANTIATE_TEST_SUITE_P(Packages, DebianOracleTest,
                         ::testing::ValuesIn(Cases()));

}  // namespace
}  // namespace landwaiter::agent::extract::software
