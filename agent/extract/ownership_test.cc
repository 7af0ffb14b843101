#include "agent/extract/ownership.h"

#include <gtest/gtest.h>

namespace landwaiter::agent::extract {
namespace {

TEST(OwnershipTest, WhatMayTellOfSoftwareIsKept) {
  for (const char* path :
       {"bin/busybox", "usr/bin/python3.11", "usr/sbin/nginx",
        "usr/lib/postgresql/15/bin/postgres", "usr/libexec/platform-python3.6",
        "usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO",
        "usr/lib/python3/dist-packages/six-1.16.0.egg-info",
        "usr/lib/python3.11/site-packages/x-1.dist-info/METADATA",
        "usr/share/nodejs/npm/package.json", "usr/share/java/log4j.jar",
        "usr/lib/x86_64-linux-gnu/libssl.so.3", "usr/lib/libpython3.11.so.1.0",
        "usr/share/rubygems/x.gemspec", "package.json", "opt/app/go.mod"}) {
    EXPECT_TRUE(MayTellOfSoftware(path)) << path;
  }
}

TEST(OwnershipTest, TheManyOtherFilesAreNot) {
  for (const char* path :
       {"usr/share/doc/bash/copyright", "etc/passwd", "bin", "usr/binaries/x",
        "usr/lib/x86_64-linux-gnu/libc.so.6", "usr/lib/libssl.a",
        "usr/lib/python3/dist-packages/six.py", "usr/share/man/man1/ls.1.gz",
        "usr/share/nodejs/npm/package.json.orig", "usr/include/ssl.h"}) {
    EXPECT_FALSE(MayTellOfSoftware(path)) << path;
  }
}

}  // namespace
}  // namespace landwaiter::agent::extract
