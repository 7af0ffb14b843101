# shellcheck shell=bash

cxx_files() {
  git -C "$ROOT" ls-files -co --exclude-standard -- '*.cc' '*.h' |
    sed "s|^|$ROOT/|"
}

dev_fmt() {
  help_if_asked "Usage: ./dev fmt [--check]

Formats every C++ source with clang-format. --check only says which are not
formatted, and fails if there are any." "$@"
  if [[ ${1:-} == --check ]]; then
    cxx_files | xargs clang-format-19 --dry-run --Werror
  else
    cxx_files | xargs clang-format-19 -i
  fi
}
