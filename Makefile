# Everything for a fresh machine that has Python 3.11 or newer and make; no root rights needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/run.stamp
DEV := $(VENV)/dev.stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The files list every package, so nothing is resolved anew: pip 23 otherwise finds that an extra (coverage[toml]) is not pinned
# as soon as a newer version of its package appears.
LOCKED := --no-deps --require-hashes --requirement
BENCH := .venv-bench
ENGINES := .venv-engines
AUDIT := .venv-audit

.DEFAULT_GOAL := all
.PHONY: all serve test fast lint types check bench load widget audit screenshots firefox webkit orca lock clean help

all: lint types test ## Lint, types and tests

serve: $(RUN) ## Start Citewell on http://localhost:8000/ (ARGS="--port 9000" for other settings)
	$(BIN)/python server.py serve $(ARGS)

test: $(DEV) ## Run all tests (ARGS="-k name" for some)
	$(BIN)/python -m pytest $(ARGS)

fast: $(DEV) ## The tests that need neither a browser nor a server process
	$(BIN)/python -m pytest -m "not browser and not postgres and not proxy and not redis and not server and not wordpress" $(ARGS)

lint: $(DEV) ## Style and form
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV) ## Types
	$(BIN)/mypy

check: $(RUN) ## Check the content in corpus/
	$(BIN)/python server.py check $(ARGS)

bench: $(BENCH)/bench.stamp ## Citewell beside other search packages (ARGS="--asked" and more: benchmarks/quality.py)
	$(BENCH)/bin/python -m benchmarks.quality $(ARGS)

load: $(DEV) ## How many questions a second, beside a view that does nothing (ARGS="--processes 2"; needs Debian's wrk)
	$(BIN)/python -m benchmarks.load $(ARGS)

widget: $(DEV) ## Make the widget's script anew from web/static/widget/ (no Node needed)
	$(BIN)/python -m web.building

audit: $(AUDIT)/audit.stamp ## Is a package that Citewell runs on known to be vulnerable? Skipped with a word where nobody can be asked
	$(AUDIT)/bin/python .ci/audit.py $(ARGS)

screenshots: $(DEV) ## Take README's pictures anew (needs Chromium)
	$(BIN)/python -m tests.browser.screenshots

firefox: $(ENGINES)/engines.stamp ## The widget in Debian's Firefox, by hand (docs/engines.md)
	$(ENGINES)/bin/python -m tests.engines.firefox

webkit: $(ENGINES)/engines.stamp ## The widget in WebKitGTK, by hand (docs/engines.md)
	$(ENGINES)/bin/python -m tests.engines.webkit

orca: $(ENGINES)/engines.stamp ## What the screen reader Orca says of the widget, by hand; writes docs/orca.txt
	$(ENGINES)/bin/python -m tests.engines.orca

lock: ## Resolve requirements/*.txt anew from pyproject.toml
	$(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip --quiet install uv
	$(VENV)/lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
		pyproject.toml --output-file requirements/run.txt
	$(VENV)/lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
		pyproject.toml --group test --group lint --group build --output-file requirements/dev.txt
	$(VENV)/lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
		pyproject.toml --group bench --output-file requirements/bench.txt
	$(VENV)/lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
		pyproject.toml --group test --group engines --output-file requirements/engines.txt
	$(VENV)/lock/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
		--group audit --output-file requirements/audit.txt

clean: ## Remove the virtual environment and caches
	rm -rf $(VENV) $(BENCH) $(ENGINES) $(AUDIT) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

help: ## This list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/python $(BENCH)/bin/python $(ENGINES)/bin/python $(AUDIT)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Citewell needs Python 3.11 or newer; say which: make PYTHON=python3.12 …" >&2; exit 2; }
	$(PYTHON) -m venv $(@D:/bin=)

$(RUN): requirements/run.txt | $(BIN)/python
	@echo "Installing what Citewell runs on (once) …"
	$(PIP) install $(LOCKED) requirements/run.txt
	@touch $@

$(DEV): requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing what the tests need (once) …"
	$(PIP) install $(LOCKED) requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(RUN)

$(BENCH)/bench.stamp: requirements/bench.txt | $(BENCH)/bin/python
	@echo "Installing what Citewell is compared with (once) …"
	$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install $(LOCKED) requirements/bench.txt
	@touch $@

$(ENGINES)/engines.stamp: requirements/engines.txt | $(ENGINES)/bin/python
	@echo "Installing what drives other browsers (once) …"
	$(ENGINES)/bin/python -m pip --disable-pip-version-check --quiet install $(LOCKED) requirements/engines.txt
	@touch $@

$(AUDIT)/audit.stamp: requirements/audit.txt | $(AUDIT)/bin/python
	@echo "Installing what asks for known vulnerabilities (once) …"
	$(AUDIT)/bin/python -m pip --disable-pip-version-check --quiet install $(LOCKED) requirements/audit.txt
	@touch $@
