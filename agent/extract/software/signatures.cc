#include "agent/extract/software/signatures.h"

#include <algorithm>

namespace landwaiter::agent::extract::software {
namespace {

using std::string_view_literals::operator""sv;

constexpr Signature kSignatures[] = {
    {"nginx", "nginx nginx-debug", Form::kBehind, "nginx version: nginx/"},
    {"openresty", "nginx openresty", Form::kBehind,
     "nginx version: openresty/"},
    {"httpd", "httpd apache2", Form::kBehind, "Apache/", 3},
    {"lighttpd", "lighttpd", Form::kBehind, "lighttpd/"},
    {"haproxy", "haproxy", Form::kBehind, "\0 version "sv},
    {"memcached", "memcached", Form::kBehind, "memcached "},
    {"redis", "redis-server redis-sentinel redis-check-rdb redis-check-aof",
     Form::kLargest, "", 3},
    {"valkey", "valkey-server valkey-sentinel valkey-check-rdb", Form::kLargest,
     "", 3},
    {"postgresql", "postgres", Form::kBehind, "postgres (PostgreSQL) "},
    {"mariadb", "mariadbd mysqld", Form::kBefore, "-MariaDB", 3},
    // The directory that it was built in.
    {"mysql", "mysqld", Form::kBehind, "/mysql-", 3},
    {"mysql", "mysqld", Form::kBehind, "/mysql-community-", 3},
    {"node", "node nodejs libnode.so*", Form::kBehind, "node.js/v", 3},
    {"python", "libpython3.* libpython2.* python3.* python2.*", Form::kOfSeries,
     "", 3},
    {"php", "php php5* php7* php8* php-cgi* php-fpm* libphp*", Form::kBehind,
     "X-Powered-By: PHP/", 3},
    {"openssl", "openssl libcrypto.so* libssl.so*", Form::kBehind, "OpenSSL ",
     3},
    {"busybox", "busybox*", Form::kBehind, "BusyBox v", 3},
    {"curl", "curl", Form::kBehind, "curl/", 3},
    {"curl", "libcurl.so* libcurl-*", Form::kBehind, "libcurl/", 3},
};

std::string_view FileName(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

// Whether one of `patterns`, parted by blanks, fits.
bool Fits(std::string_view patterns, std::string_view name) {
  while (!patterns.empty()) {
    const size_t end = std::min(patterns.find(' '), patterns.size());
    std::string_view pattern = patterns.substr(0, end);
    patterns.remove_prefix(std::min(end + 1, patterns.size()));
    if (pattern == name) return true;
    if (!pattern.ends_with('*')) continue;
    pattern.remove_suffix(1);
    if (name.starts_with(pattern)) return true;
  }
  return false;
}

}  // namespace

std::span<const Signature> AllSignatures() { return kSignatures; }

std::vector<const Signature*> SignaturesFor(std::string_view path) {
  std::vector<const Signature*> signatures;
  for (const Signature& signature : kSignatures) {
    if (Fits(signature.files, FileName(path))) {
      signatures.push_back(&signature);
    }
  }
  return signatures;
}

bool HasSignature(std::string_view path) {
  const std::string_view name = FileName(path);
  return std::any_of(
      std::begin(kSignatures), std::end(kSignatures),
      [&](const Signature& signature) { return Fits(signature.files, name); });
}

}  // namespace landwaiter::agent::extract::software
