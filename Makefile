# Each target does all its own set-up: a virtual environment in .venv with the locked dependencies.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# A virtual environment that was half made, whose Python is gone, or that was moved with its folder is made anew.
ENVIRONMENT_WORKS := $(shell $(BIN)/python -c 'import pip' >/dev/null 2>&1 && grep -qF '$(CURDIR)/$(VENV)' $(BIN)/activate && echo yes)

.DEFAULT_GOAL := site
.PHONY: site serve test test-fast format bench lock locale clean remake

site: $(VENV)/.site  ## build site/ with what is approved
	@test -r mkdocs.yml || { echo "mkdocs.yml cannot be read: it is missing, or belongs to another account" >&2; exit 2; }
	$(BIN)/mkdocs build

serve: $(VENV)/.site  ## preview everything at http://localhost:8000
	$(BIN)/mkdocs serve

test: $(VENV)/.dev  ## everything that CI runs
	$(BIN)/ruff check hooks tests
	$(BIN)/ruff format --check hooks tests
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist worksteal

test-fast: $(VENV)/.dev  ## in a minute: what needs no browser, no LibreOffice, no killed process and little time
	$(BIN)/pytest -n auto --dist worksteal -m "not browser and not kill and not office and not slow"

format: $(VENV)/.dev
	$(BIN)/ruff check --fix hooks tests
	$(BIN)/ruff format hooks tests

bench: $(VENV)/.bench  ## builds and commands beside bare MkDocs and Hugo, by size; the share of gate and signatures; imports
	PYTHONPATH=hooks:tests $(BIN)/python tests/bench/speed.py
	PYTHONPATH=hooks:tests $(BIN)/python tests/bench/gate_share.py
	PYTHONPATH=hooks:tests $(BIN)/python tests/bench/signatures.py
	PYTHONPATH=hooks:tests $(BIN)/python tests/bench/imports.py

lock: $(VENV)/.dev  ## renew the locked dependencies
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --upgrade \
		--group build pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --upgrade \
		--constraint requirements.txt --group build --group dev pyproject.toml --output-file requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --no-header --no-annotate --upgrade \
		--group bench --output-file requirements-bench.txt

locale: $(VENV)/.dev  ## renew the catalogues from the sources
	$(BIN)/python hooks/gongshi/locale/update_catalogues.py

remake:
	@rm -rf $(VENV)

clean:
	rm -rf $(VENV) site

$(VENV)/.site: requirements.txt pyproject.toml $(if $(ENVIRONMENT_WORKS),,remake)
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or newer is needed" if sys.version_info < (3, 10) else 0)'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv is missing; install it, on Debian and Ubuntu with: apt install python3-venv" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
	$(PIP) install --require-hashes --requirement requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.site requirements-dev.txt
	$(PIP) install --require-hashes --requirement requirements-dev.txt
	touch $@

$(VENV)/.bench: $(VENV)/.dev requirements-bench.txt
	$(PIP) install --require-hashes --requirement requirements-bench.txt
	touch $@
