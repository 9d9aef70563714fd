# The commands of a checkout. Each prepares .venv, styles, scripts and catalogues itself and repeats only what changed.
#   make demo    a demonstration on http://127.0.0.1:8000     make test    the tests
#   make check   style, types, layers, catalogues, browser     make bench   measurements beside the peers
#   make docs    pages generated from the sources              make wheel   a package to install elsewhere
#   make build   only prepare                                  make lock    write the lists of pinned packages anew

BIN := .venv/bin
PORT ?= 8000
JOBS ?= 2

.PHONY: demo test check bench docs wheel lock build runtime journeys
.DEFAULT_GOAL := demo

demo: runtime
	$(BIN)/boget demo --port $(PORT)

test: build
	$(BIN)/pytest -n $(JOBS) --dist loadfile

check: build
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --follow-imports=silent $$(find src/boget/portal -name services.py -o -name backups.py -o -path '*/services/*.py') src/boget/cli.py src/boget/commands
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check
	$(BIN)/pytest tests/house
	@$(MAKE) --no-print-directory journeys

journeys: build
	@if command -v chromium >/dev/null || command -v google-chrome >/dev/null; then \
	  $(BIN)/pytest -n $(JOBS) -m browser tests/journeys; else echo "no chromium here: the journeys in a real browser were left out"; fi

bench: build
	$(BIN)/boget bench register
	$(BIN)/python bench/report.py
	$(BIN)/boget bench river

docs: build
	$(BIN)/python tools/docs.py
	$(BIN)/python tools/docs.py --samples
	$(BIN)/python tools/screenshots.py

wheel: build
	$(BIN)/python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .

lock:
	tools/locks.sh

build:
	@tools/prepare.sh dev bundles

runtime:
	@tools/prepare.sh runtime bundles
