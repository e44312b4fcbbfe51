# What a newcomer needs is `make serve` and `make test`. Everything lives in .venv; nothing else on the machine changes.

PORT ?= 8000
PYTHON ?= $(shell for python in python3 python3.15 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin

# uv where there is one, because it is quick; else the pip that came with Python. Nothing is fetched whose hash is not
# written down: what builds packages comes first, so that no package fetches a builder of its own choice.
PIP = $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check)
INSTALL = $(PIP) --require-hashes -r requirements/build.txt \
	&& $(PIP) --require-hashes --no-build-isolation -r requirements/$(1).txt \
	&& $(PIP) --no-deps --no-build-isolation --editable .
LOCK = $(or $(UV),$(BIN)/uv) pip compile --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

.DEFAULT_GOAL := help
.PHONY: help serve build check test test-all words bench format lock clean

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1@/p' $(MAKEFILE_LIST) | awk -F@ '{ printf "make %-9s %s\n", $$1, $$2 }'

serve: .venv/.run ## build the sample site and show it at http://127.0.0.1:8000/; PORT=8001 make serve takes another port
	@$(BIN)/python -c 'import socket, sys; sys.exit(socket.socket().connect_ex(("127.0.0.1", $(PORT))) == 0)' \
		|| { echo 'Port $(PORT) is in use by another program. Take another one: PORT=8001 make serve'; exit 1; }
	@$(BIN)/aboveboard serve --addr 127.0.0.1:$(PORT)

build: .venv/.run ## build the sample site into site/
	@$(BIN)/aboveboard build --strict

check: .venv/.run ## read every notice of the sample and print what is wrong with it
	@$(BIN)/aboveboard check

test: .venv/.dev tests/node/node_modules/.made ## look at the code and run the tests, about as CI does
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -n 2

test-all: export ABOVEBOARD_ALL = 1
test-all: test ## the same, with many more generated examples

words: .venv/.dev ## bring the catalogues in plugins/aboveboard/languages up to the words of the program
	@$(BIN)/python tests/catalogues.py

bench: .venv/.run ## measure builds beside plain MkDocs, about half an hour, and write the tables in docs/speed.md
	@$(BIN)/python benchmarks/measure.py

format: .venv/.dev ## lay the code out and mend what can be mended without thought
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

lock: .venv/.made ## take the newest releases that pyproject.toml allows, with their hashes, into requirements/
	@test -n "$(UV)" || test -x $(BIN)/uv || $(PIP) uv
	@$(LOCK) --group build --output-file requirements/build.txt
	@$(LOCK) pyproject.toml --constraint requirements/build.txt --output-file requirements/run.txt
	@$(LOCK) pyproject.toml --group dev --constraint requirements/build.txt --constraint requirements/run.txt --output-file requirements/dev.txt

clean: ## remove everything that was made here, .venv too
	@rm -rf .venv tests/node/node_modules site .site.generations .cache dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.made:
ifeq ($(UV),)
	@test -n "$(PYTHON)" || { \
		echo 'Aboveboard needs Python 3.11 or newer, and there is none here.'; \
		echo '  Debian, Ubuntu:  apt-get install python3 python3-venv'; \
		echo '  Fedora:          dnf install python3'; \
		echo '  macOS:           brew install python'; \
		echo 'One that is not on the PATH is named like this:  PYTHON=/opt/python/bin/python3 make serve'; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Aboveboard needs Python 3.11 or newer; $(PYTHON) is not that.'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'This Python cannot make a virtual environment: venv or ensurepip is missing.'; \
		echo '  Debian, Ubuntu:  apt-get install $(notdir $(PYTHON))-venv'; \
		exit 1; }
	@$(PYTHON) -m venv .venv
else
	@$(UV) venv --quiet --seed --allow-existing --python '>=3.11' .venv
endif
	@touch $@

.venv/.run: .venv/.made requirements/build.txt requirements/run.txt pyproject.toml
	@echo 'Installing what Aboveboard needs into .venv, once …'
	@$(call INSTALL,run)
	@touch $@

.venv/.dev: .venv/.made requirements/build.txt requirements/dev.txt pyproject.toml
	@echo 'Installing what Aboveboard and its tests need into .venv, once …'
	@$(call INSTALL,dev)
	@touch $@ .venv/.run

# Judges of the published site that are written for Node. Without npm their tests are skipped, and say so.
tests/node/node_modules/.made: tests/node/package-lock.json
	@if command -v npm >/dev/null; then \
		echo 'Installing what the tests need of npm into tests/node, once …'; \
		npm ci --prefix tests/node --ignore-scripts --no-audit --no-fund --loglevel=error --silent && touch $@ \
			|| echo 'npm could not: tests that need it are skipped.'; \
	fi
