# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Tests start sooner where what was compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint types unit browser bench examples lock clean

# The venv is made anew when a lock changes.
$(VENV)/.run: requirements.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	touch $@

$(VENV)/.dev: requirements-dev.lock
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	touch $@ $(VENV)/.run

run: $(VENV)/.run
	$(BIN)/python deploy/run.py

test: lint types unit browser

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

unit: $(VENV)/.dev
	sh deploy/install-program.sh soffice libreoffice-writer-nogui libreoffice-calc-nogui
	$(BIN)/python -m pytest -n 3 --dist worksteal -m "not browser"

browser: $(VENV)/.dev
	sh deploy/install-program.sh chromium-headless-shell chromium-headless-shell fonts-noto-core || sh deploy/install-program.sh chromium chromium fonts-noto-core
	$(BIN)/python -m pytest -n 3 --dist worksteal -m browser tests/browser

bench: $(VENV)/.dev
	$(BIN)/python -m bench

# The shipped banks as files that people import.
examples: $(VENV)/.run
	$(BIN)/python -m deploy.examples

# The lock names versions and hashes, never a host.
lock: $(VENV)/.dev
	$(PYTHON) -m pip --version >/dev/null
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --quiet --generate-hashes --no-annotate --no-header --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --quiet --generate-hashes --no-annotate --no-header --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
