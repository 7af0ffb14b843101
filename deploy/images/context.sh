# shellcheck shell=bash
# What a program needs beside itself in an image that starts from nothing.

# library_files PROGRAM: every shared library, and the loader.
library_files() {
  ldd "$1" | awk '/=> \//{print $3} /^[ \t]*\/lib/{print $1}'
  if ldd "$1" | grep -q 'not found'; then
    fail "$1 needs libraries that this machine lacks"
  fi
}

# package_of FILE: dpkg knows a file by one of its two names in /lib and
# /usr/lib.
package_of() {
  local real
  real=$(realpath "$1")
  { dpkg-query -S "$real" "${real#/usr}" 2>/dev/null || true; } |
    sed -n '1s/:.*//p'
}

# copy_package_metadata PACKAGE ROOT: as in other images without a package
# manager, so that scanners see what is inside; and its licence.
copy_package_metadata() {
  mkdir -p "$2/var/lib/dpkg/status.d" "$2/usr/share/doc/$1"
  dpkg-query -s "$1" >"$2/var/lib/dpkg/status.d/$1"
  cp -L "/usr/share/doc/$1/copyright" "$2/usr/share/doc/$1/"
}

copy_libraries() { # PROGRAM ROOT
  local file package packages=(tzdata ca-certificates base-files)
  while read -r file; do
    mkdir -p "$2$(dirname "$file")"
    cp -L "$file" "$2$file"
    package=$(package_of "$file")
    [[ -n $package ]] || fail "no package holds $file"
    packages+=("$package")
  done < <(library_files "$1")
  while read -r package; do
    copy_package_metadata "$package" "$2"
  done < <(printf '%s\n' "${packages[@]}" | sort -u)
}
