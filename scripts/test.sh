#!/usr/bin/env bash
# All tests with the race detector. Needs Go and a C compiler; installs the compiler where it can (Debian, root).
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

CGO_ENABLED=1 exec "${GO:-go}" test -race -timeout 20m "$@" ./...
