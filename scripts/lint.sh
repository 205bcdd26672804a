#!/usr/bin/env bash
# Formatting, go vet, golangci-lint (built from its pinned source), and generated files that are stale.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}

unformatted=$(git ls-files '*.go' | xargs gofmt -l)
if [ -n "$unformatted" ]; then
  echo "not formatted (run gofmt -w):" && echo "$unformatted" && exit 1
fi
$go vet ./...

# The linter keeps what it found by content, with the path it had: a cache that two checkouts share tells of files that
# are gone and overlooks what is allowed beside them. Each checkout has its own.
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/golangci-lint
export GOLANGCI_LINT_CACHE=${GOLANGCI_LINT_CACHE:-$cache/$(pwd -P | sha256sum | cut -c1-16)}
$go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.0 run ./...
