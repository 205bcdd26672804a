#!/usr/bin/env bash
# Makes everything that is generated anew and fails if that changes anything.
set -euo pipefail
cd "$(dirname "$0")/.."

before=$(git status --porcelain)
make --no-print-directory generate
if [ "$before" != "$(git status --porcelain)" ]; then
  echo "stale; run make generate and commit:"
  git status --porcelain
  exit 1
fi
