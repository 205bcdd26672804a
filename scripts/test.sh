#!/usr/bin/env bash
# All tests, with the race detector where something goes on at the same time in the process that is tested. Vet is
# lint's: scripts/lint.sh. Needs Go and a C compiler; installs the compiler where it can (Debian, root).
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

# Those without the race detector. docs, docs/generate and server/endtoend drive the built program, a process of its own;
# picture draws; engine/workflow checks files, the largest there may be and within a bounded time, which the detector
# makes six times as long. What of it runs side by side is raced in project, which loads whole folders, and in engine.
plain='/(docs|docs/generate|docs/generate/picture|engine/workflow|server/endtoend)$'
# The simulation is raced for a short while; its thousands of worlds are plain. It says how many it has played.
simulation='/engine/simulation$'
# The crash suite is plain, too, and comes last: the programs that it kills are to have the machine for themselves.
crash='/crash$'

# The program is built once, as it ships, for all tests that drive it; without these variables each builds its own. What
# the raced tests need is compiled beside it: SQLite is one large file that keeps one core busy, with the detector and without.
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
"$go" build -race ./server 2>/dev/null & # what is wrong is told by the tests
"$go" build -ldflags "-s -w" -o "$programs/gantry" ./cmd/gantry
wait
export GANTRY_TEST_BINARY=$programs/gantry
export GANTRY_ENDTOEND_BINARY=${GANTRY_ENDTOEND_BINARY:-$programs/gantry}

packages=$("$go" list ./...)
grep -Ev "$plain|$crash" <<<"$packages" | xargs "$go" test -race -vet=off -timeout 20m "$@" || failed=1
grep -E "$plain" <<<"$packages" | xargs "$go" test -vet=off -timeout 20m "$@" || failed=1
grep -E "$simulation" <<<"$packages" | xargs "$go" test -vet=off -timeout 10m -v "$@" || failed=1
grep -E "$crash" <<<"$packages" | xargs "$go" test -vet=off -timeout 10m "$@" || failed=1
exit "$failed"
