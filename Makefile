# Every task of this project. `make` alone lists them.
# `make demo` and `make test` each work on a fresh Debian or Ubuntu that has git, make and Swift.

PREFIX ?= $(HOME)/.local
# Not every shell expands the tilde of `make install PREFIX=~/.local`.
override PREFIX := $(patsubst ~/%,$(HOME)/%,$(PREFIX))
BENCH_JSON ?=
SEEDS ?= 1..2000
# The programs then run where no Swift is installed, and a little faster.
RELEASE := -c release --static-swift-stdlib

# Tests with connections and processes. They run by themselves, where Swift can (6.3) only some at once:
# hundreds beside the plays in virtual time would wait for the processors until they give up.
LIVE_TESTS := ^(Acceptance|Admin|BadInput|Example|GCMAppServer|GCMDevice|GCMTestSupport|Interop|LiveDriver|LiveFault|Program)Tests\.
TEST_WIDTH := --experimental-maximum-parallelization-width
WIDTH = $(shell swift test --help-hidden 2>&1 | grep -q -e '$(TEST_WIDTH)' && echo '$(TEST_WIDTH) 8')

PROGRAMS := gcm-device gcm-relay gcm-appserver
PYTHON_ENV := .build/python
REQUIREMENTS := Tests/Interop/python/requirements.txt
STROPHE_APP_SERVER := .build/interop/libstrophe
FOREIGN := $(PYTHON_ENV)/ready $(STROPHE_APP_SERVER)

.DEFAULT_GOAL := help
.PHONY: help deps build demo scenarios sweep small-worlds mutations test lint man bench interop \
    first-hour install clean

help: ## list these tasks
	@echo "GCM simulator: device, relay and app server over TLS XMPP"
	@echo
	@awk -F ' *:.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

deps: ## install the system packages that are missing (apt), and say which
	@.ci/deps

build: deps ## build the programs for debugging, in .build/debug
	@swift build

demo: build ## a courier's day through a relay that is killed on the way; ends with "lost 0"
	@.build/debug/demo

first-hour: build $(PYTHON_ENV)/ready ## do what a newcomer does first, and check what must be seen
	@Tests/FirstHour/first-hour .build/debug $(PYTHON_ENV)/bin/python

scenarios: deps ## play all scenarios that are shipped, in virtual time
	@swift build --product gcm-relay
	@.build/debug/gcm-relay scenario run Fixtures/scenarios/*.yaml

sweep: deps ## play what chance makes of SEEDS=1..2000, in virtual time, by a release build
	@swift build $(RELEASE) --product gcm-relay
	@.build/release/gcm-relay scenario run Fixtures/seeds/*.yaml
	@.build/release/gcm-relay scenario sweep --seeds $(SEEDS)

small-worlds: deps ## try all orders of what can happen to two messages, by a release build
	@swift build $(RELEASE) --product small-worlds
	@.build/release/small-worlds

mutations: deps ## make each deliberate mistake of Fixtures/mutations; fails if nothing notices one
	@.ci/mutations

test: $(FOREIGN) ## run all tests, those with foreign XMPP libraries included
	@swift build --product generate-manual
	@swift test --disable-xctest --skip '$(LIVE_TESTS)'
	@swift test --disable-xctest --skip-build $(WIDTH) --filter '$(LIVE_TESTS)'

interop: $(FOREIGN) ## run only the tests with foreign XMPP libraries
	@swift test --disable-xctest $(WIDTH) --filter '^InteropTests\.'

lint: deps ## check format, layering and tidiness, and that the mutations still apply
	@swift format lint --strict --parallel --recursive Sources Tests Package.swift
	@.ci/check-imports --self-test
	@.ci/check-imports
	@.ci/check-tidy --self-test
	@.ci/check-tidy
	@for patch in Fixtures/mutations/*.patch; do git apply --check $$patch || exit 1; done

man: build ## write docs/man and docs/completions anew, from the programs' flags
	@swift build --product generate-manual
	@.ci/manual .build/debug docs

bench: deps ## measure a release build; BENCH_JSON=FILE also writes the figures there
	@swift build $(RELEASE) --product gcm-relay
	@swift build $(RELEASE) --product benchmark
	@BENCH_JSON='$(BENCH_JSON)' taskset -c 1 .build/release/benchmark

install: deps ## put programs, man pages and completions below PREFIX (PREFIX=~/.local)
	@for program in $(PROGRAMS); do swift build $(RELEASE) --product $$program || exit 1; done
	@.ci/install .build/release '$(DESTDIR)$(PREFIX)'
	@echo "installed $(PROGRAMS) in $(DESTDIR)$(PREFIX)/bin"

clean: ## remove everything that was built
	@rm -rf .build

# The interop tests' Python environment. Wheels only: no compiler is asked for.
$(PYTHON_ENV)/ready: $(REQUIREMENTS) | deps
	@echo "preparing $(PYTHON_ENV) for the interop tests"
	@python3 -m venv --clear $(PYTHON_ENV)
	@$(PYTHON_ENV)/bin/pip install --quiet --disable-pip-version-check --only-binary=:all: \
	    -r $(REQUIREMENTS)
	@touch $@

# The interop tests' program in C, by the compiler that comes with Swift.
$(STROPHE_APP_SERVER): Tests/Interop/c/appserver.c | deps
	@mkdir -p $(@D)
	@clang -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -o $@ $< \
	    $$(pkg-config --cflags --libs libstrophe jansson)
