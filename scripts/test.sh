#!/usr/bin/env bash
# All tests with the race detector. The crash suite comes after the others and without it: the program that it kills is a
# process of its own, and is to have the machine for itself. Needs Go and a C compiler; installs the compiler where it can
# (Debian, root).
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v "${CC:-gcc}" >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -q && apt-get install -qy gcc libc6-dev
  else
    echo "make test: a C compiler is needed (SQLite is C); install gcc" >&2
    exit 1
  fi
fi

export CGO_ENABLED=1
go=${GO:-go}
failed=0
"$go" list ./... | grep -v '/crash$' | xargs "$go" test -race -timeout 20m "$@" || failed=1
"$go" test -timeout 10m "$@" ./crash || failed=1
exit "$failed"
