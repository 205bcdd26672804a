#!/usr/bin/env bash
# Every fuzz test in turn, FUZZTIME each.
set -euo pipefail
cd "$(dirname "$0")/.."

for file in $(grep -rl --include='*_test.go' '^func Fuzz' .); do
  for name in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$file"); do
    echo "== $(dirname "$file") $name"
    "${GO:-go}" test "$(dirname "$file")" -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZTIME:-30s}"
  done
done
