# Everything here works on a fresh Debian or Ubuntu with python3, python3-venv, make and git; `make` lists the targets.
# Set-up leaves a stamp beside what it made, so that a second run starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
BASE := $(VENV)/.parvis-base
DEV := $(VENV)/.parvis-dev
PEERS := .venv-peers/.parvis-peers
STYLES := parvis/web/static/vendor/.built
export PYTHONPATH :=

.DEFAULT_GOAL := help
.PHONY: conformance help run test test-sqlite test-pg test-wheel e2e check fix ci wheel docs messages requirements clean
.DELETE_ON_ERROR:

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(BASE) $(STYLES) messages ## Start Parvis on http://127.0.0.1:8000, with demo data the first time
	@filled="$${PARVIS_DATA_DIR:-parvis-data}/.filled-$$(echo "$$PARVIS_DATABASE_URL" | cksum | cut -d' ' -f1)"; \
	  [ -e "$$filled" ] || { $(BIN)/parvis setup && $(BIN)/parvis demo --if-empty | sed -n 1p && touch "$$filled"; }
	@exec $(BIN)/parvis run

test: $(DEV) $(PEERS) $(STYLES) messages ## Run every test that this machine can run, and say which could not
	@$(BIN)/python -m tests.everything $(ARGS)

test-sqlite: $(DEV) $(STYLES) messages ## Run the tests on SQLite only (choose some with ARGS="tests/oidc -k token")
	@$(BIN)/python -m pytest $(ARGS)

test-pg: $(DEV) $(STYLES) messages ## Run the tests on a throw-away PostgreSQL cluster
	@$(BIN)/python -m tests.postgres $(BIN)/python -m pytest $(ARGS)

test-wheel: $(DEV) $(STYLES) messages ## Build the wheel, install it in an empty environment and run it
	@$(BIN)/python -m pytest -m packaging -n0 tests/packaging

e2e: $(DEV) $(PEERS) $(STYLES) messages ## Drive a real browser through the product (needs Debian's chromium)
	@$(BIN)/python -m pytest -m e2e -n0 tests/e2e $(ARGS)

check: $(DEV) $(STYLES) messages ## Check style, types, layers, templates, messages, requirements and migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --lint parvis
	$(BIN)/python -m pytest -q -n0 -p no:randomly tests/architecture

fix: $(DEV) ## Mend what can be mended without thinking: style and imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

ci: ## Do what continuous integration does
	@bash .ci/run

wheel: $(DEV) $(STYLES) messages ## Build dist/parvis-*.whl
	@rm -rf dist
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist .

docs: $(DEV) messages ## Write docs/reference anew from the code
	@$(BIN)/python docs/generate.py

conformance: $(DEV) messages ## Run the tests of the OpenID Foundation's modules, and write docs/conformance.md from them
	@$(BIN)/python docs/conformance.py

messages: $(BASE) # Compile the translations that changed.
	@$(BIN)/python -c "import hatch_build, pathlib; hatch_build.compile_messages(pathlib.Path('.'))"

requirements: $(DEV) ## Lock requirements/*.in anew, with hashes
	@for name in build node base dev peers bench-dot bench-canaille; do \
	  $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	    --custom-compile-command "make requirements" requirements/$$name.in -o requirements/$$name.txt || exit 1; done

clean: ## Remove what was made here, but not the data
	rm -rf $(VENV) .venv-peers node_modules tests/peers/openid_client/node_modules dist build parvis/web/static/vendor .mypy_cache .ruff_cache .pytest_cache

# --- Set-up, each once ----------------------------------------------------------------------------------------------
$(VENV)/bin/python:
	@echo "Creating $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("Parvis needs Python 3.11 or later.") if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv $(VENV) || { echo "Install the Debian package python3-venv, then try again."; rm -rf $(VENV); exit 1; }

$(BASE): requirements/base.txt requirements/build.txt requirements/node.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Parvis runs on"
	@$(PIP) install --require-hashes -r requirements/base.txt
	@$(PIP) install --require-hashes -r requirements/build.txt
	@{ command -v npm && command -v node; } >/dev/null || { echo "Installing Node (this machine has none)"; \
	  $(PIP) install --require-hashes -r requirements/node.txt; }
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(DEV): requirements/dev.txt | $(BASE)
	@echo "Installing what checks Parvis"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Other people's applications, unmodified, that tests sign in to; their pins are not ours, so they have their own place.
$(PEERS): requirements/peers.txt tests/peers/openid_client/package-lock.json | $(BASE)
	@echo "Installing the applications that tests sign in to"
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/peers.txt
	@$(BIN)/python -c "import pathlib, parvis.web.assets as a; a.fetch(pathlib.Path('tests/peers/openid_client'))"
	@touch $@

$(STYLES): package-lock.json parvis/web/assets.py | $(BASE)
	@echo "Fetching styles and fonts"
	@$(BIN)/python parvis/web/assets.py
	@touch $@
