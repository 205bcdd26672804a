#!/bin/sh
# Builds the console's sources into ../dist: the packages as the lock file has them, the API's types, the files.
set -eu
cd "$(dirname "$0")/.."
[ -d node_modules ] && [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund
npm run --silent generate
npm run --silent build
