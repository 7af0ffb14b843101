#include "analyzer/advisory/cpe_product.h"

#include <algorithm>
#include <vector>

#include "core/base/strings.h"

namespace landwaiter::analyzer::advisory {
namespace {

struct Product {
  std::string_view software;  // the agent's name
  std::string_view package;   // "vendor:product", the newest
  std::string_view others;    // older ones, parted by blanks
};

constexpr Product kProducts[] = {
    {"nginx", "f5:nginx", "nginx:nginx igor_sysoev:nginx f5:nginx_open_source"},
    {"openresty", "openresty:openresty", ""},
    {"httpd", "apache:http_server", "apache:httpd"},
    {"lighttpd", "lighttpd:lighttpd", ""},
    {"haproxy", "haproxy:haproxy", ""},
    {"memcached", "memcached:memcached", "memcachedb:memcached"},
    {"redis", "redis:redis", "redislabs:redis pivotal_software:redis"},
    {"valkey", "lfprojects:valkey", "valkey-io:valkey"},
    {"postgresql", "postgresql:postgresql", ""},
    {"mariadb", "mariadb:mariadb", ""},
    {"mysql", "oracle:mysql", "mysql:mysql oracle:mysql_server"},
    {"mongodb", "mongodb:mongodb", ""},
    {"node", "nodejs:node.js", "nodejs:nodejs"},
    {"python", "python:python",
     "python:cpython python_software_foundation:python"},
    {"php", "php:php", ""},
    {"tomcat", "apache:tomcat", ""},
    {"openjdk", "oracle:openjdk", "openjdk:openjdk"},
    {"oracle-jdk", "oracle:jdk", "oracle:jre"},
    {"openssl", "openssl:openssl", ""},
    {"busybox", "busybox:busybox", ""},
    {"curl", "haxx:curl", "haxx:libcurl curl:curl"},
};

bool Holds(std::string_view words, std::string_view word) {
  for (const std::string_view one : base::Split(words, ' ')) {
    if (one == word) return true;
  }
  return false;
}

// The parts between colons that no backslash escapes.
std::vector<std::string> PartsOf(std::string_view name) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) {
      parts.back() += name[++i];
    } else if (name[i] == ':') {
      parts.emplace_back();
    } else {
      parts.back() += name[i];
    }
  }
  return parts;
}

}  // namespace

std::string_view CpePackageOf(std::string_view software) {
  for (const Product& product : kProducts) {
    if (product.software == software) return product.package;
  }
  return "";
}

std::string_view CpePackageOf(std::string_view vendor,
                              std::string_view product) {
  const std::string name = base::StrCat(vendor, ":", product);
  for (const Product& known : kProducts) {
    if (known.package == name || Holds(known.others, name)) {
      return known.package;
    }
  }
  return "";
}

std::optional<Cpe> ParseCpe(std::string_view name) {
  constexpr std::string_view kBegin = "cpe:2.3:";
  constexpr size_t kMaxName = 2000;
  if (!name.starts_with(kBegin) || name.size() > kMaxName) return std::nullopt;
  const auto parts = PartsOf(name.substr(kBegin.size()));
  if (parts.size() != 11) return std::nullopt;
  return Cpe{parts[0], parts[1], parts[2], parts[3], parts[4], parts[8]};
}

}  // namespace landwaiter::analyzer::advisory
