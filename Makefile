# Every command makes what it needs: a virtual environment in .venv, then the packages, once.
# Another Python:  make test PYTHON=python3.13      More cores:  make test JOBS=8
# Part of the tests:  make test ARGS="tests/test_house.py -x"

PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
ARGS ?=

RUN := $(VENV)/bin/python
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help audit app test check lint style types floors generated lowest bench notebooks clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

audit: $(VENV)/.has-models  ## train a model on Adult, audit it, write build/audit/
	@$(RUN) docs/examples/audit_adult.py

app: $(VENV)/.has-app  ## open the app on Adult, with two models trained on the spot
	@$(VENV)/bin/rai app dataset:adult --example-models $(ARGS)

# Tests start many processes: without bytecode on disk each would compile everything again.
test: $(VENV)/.has-dev  ## run all tests
	@echo "Running the tests ..."
	@PYTHONDONTWRITEBYTECODE= $(RUN) -m pytest -q -n $(JOBS) --dist worksteal $(ARGS)

check: test lint  ## run all tests, then style, types, floors and generated files

lint: style types floors generated  ## style, types, floors and generated files, without the tests

style: $(VENV)/.has-dev  ## ruff: rules and format
	@echo "Checking style ..."
	@$(VENV)/bin/ruff check --quiet
	@$(VENV)/bin/ruff format --quiet --check

types: $(VENV)/.has-dev  ## mypy, strict
	@echo "Checking types ..."
	@$(VENV)/bin/mypy

floors: $(VENV)/.has-dev  ## the import contract
	@echo "Checking floors ..."
	@$(VENV)/bin/lint-imports --no-cache

generated: $(VENV)/.has-dev  ## pages and notebooks that are written by a script
	@echo "Checking generated files ..."
	@for script in docs/build_*.py; do $(RUN) $$script --check || exit 1; done

lowest: $(VENV)/lowest/.has-dev  ## run all tests on the oldest versions that pyproject.toml admits
	@echo "Running the tests on the oldest versions ..."
	@$(VENV)/lowest/bin/python -m pytest -q -n $(JOBS) --dist worksteal -W default $(ARGS)

bench: $(VENV)/.has-bench $(VENV)/ydata/.made  ## run the benchmarks, side by side with peers
	@$(RUN) -m benchmarks $(ARGS)

notebooks: $(VENV)/.has-dev  ## write the notebooks again, from docs/guide/
	@$(RUN) docs/build_notebooks.py

clean:  ## remove what the commands made, but for .venv
	@rm -rf build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is not Python 3.11 or newer. Name one: make PYTHON=python3.12"; exit 1; }
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Old versions warn of each other, so warnings are no errors there.
$(VENV)/lowest/.has-dev: pyproject.toml tests/lowest.txt $(VENV)/.made
	@echo "Installing the oldest versions in $(VENV)/lowest (once; a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)/lowest
	@$(VENV)/lowest/bin/python -m pip install -qq --disable-pip-version-check \
	  --constraint tests/lowest.txt --editable ".[dev]"
	@touch $@

$(VENV)/.has-models: pyproject.toml $(VENV)/.made
	@echo "Installing rai with what the example needs (once) ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check --editable ".[models]"
	@touch $@

$(VENV)/.has-app: pyproject.toml $(VENV)/.made
	@echo "Installing rai with what the app needs (once; a minute or two) ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check --editable ".[app]"
	@touch $(VENV)/.has-models $@

$(VENV)/.has-dev: pyproject.toml $(VENV)/.made $(if $(filter 1,$(RAI_REQUIRE_ALL)),$(VENV)/.has-torch)
	@echo "Installing rai with what the tests need (once; a minute or two) ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check --editable ".[dev]"
	@touch $(VENV)/.has-models $(VENV)/.has-app $@

# dice-ml asks for xgboost, and that for what graphics cards need; it runs without either.
$(VENV)/.has-bench: $(VENV)/.has-dev
	@echo "Installing what the benchmarks are compared with (once) ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check jsonschema requests tqdm treelite==4.8.1
	@$(RUN) -m pip install -qq --disable-pip-version-check --no-deps \
	  dice-ml==0.12 raiutils==0.4.2 woodelf_explainer==0.4.8
	@touch $@

# ydata-profiling asks for an older pandas, so it has an environment of its own.
$(VENV)/ydata/.made: $(VENV)/.made
	@echo "Installing ydata-profiling in $(VENV)/ydata (once; a minute or two) ..."
	@$(PYTHON) -m venv $(VENV)/ydata
	@$(VENV)/ydata/bin/python -m pip install -qq --disable-pip-version-check ydata-profiling==4.18.4 pyarrow
	@touch $@

# Large, and only a few tests need it: they skip without it, but where RAI_REQUIRE_ALL=1 asks for all.
$(VENV)/.has-torch: $(VENV)/.made
	@echo "Installing PyTorch and captum (once; a minute or two) ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check torch==2.13.0
	@$(RUN) -m pip install -qq --disable-pip-version-check "captum>=0.9"
	@touch $@
