# Gantry's chores. `make help` lists them.

GO      ?= go
BIN     := bin/gantry
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Without its pages of traces gRPC, which the sender of traces brings along, does not keep the linker from leaving out
# methods that nobody calls: they use templates, which find methods by name.
TAGS    := grpcnotrace
LINT    := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.12.0

.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## the program, as bin/gantry
	$(GO) build -trimpath -tags "$(TAGS)" -ldflags "-s -w -X main.version=$(VERSION)" -o $(BIN) ./cmd/gantry

test: ## all tests, with the race detector where it tells anything
	@scripts/test.sh

console: ## the web console: its unit tests, and a walk through it with a real browser
	@scripts/console.sh

pictures: ## the handbook's pictures of the console, taken anew by its tests
	@GANTRY_PICTURES=$(CURDIR)/docs/images/console scripts/console.sh

lint: ## go vet, formatting, and the arrows between the folders
	@scripts/lint.sh

fuzz: ## every fuzz test for a short while (FUZZTIME=30s)
	@scripts/fuzz.sh

bench: ## the benchmarks, with their bars
	$(GO) run ./bench

generate: ## everything that is made from something else (the console needs Node)
	$(GO) generate $$($(GO) list ./... | grep -v '/console$$')
	$(GO) generate ./console

clean: ## what was built
	rm -rf bin

.PHONY: help build test console pictures lint fuzz bench generate clean
