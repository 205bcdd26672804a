#!/usr/bin/env bash
# The web console: its types, style and unit tests, and a walk through it with a real browser against a real server.
# That console/dist is what the sources build is proved with all that is generated: scripts/generated.sh. Needs Node;
# installs Chromium where it can (Debian, root). `scripts/console.sh check` leaves the walk out.
set -euo pipefail
cd "$(dirname "$0")/.."

. console/ui/scripts/packages.sh
cd console/ui
npm run --silent check
[ "${1:-}" = check ] && exit 0

if ! [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -q && apt-get install -qy chromium fonts-inter
  else
    echo "the walk needs Chromium: install it, or name one with CHROMIUM=path" >&2
    exit 1
  fi
fi
if [ -z "${GANTRY_ENDTOEND_BINARY:-}" ]; then
  built=$(mktemp -d)
  trap 'rm -rf "$built"' EXIT
  "${GO:-go}" build -C ../.. -ldflags "-s -w" -o "$built/gantry" ./cmd/gantry
  export GANTRY_ENDTOEND_BINARY=$built/gantry
fi
npm run --silent walk
