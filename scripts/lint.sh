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
$go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.0 run ./...
