.PHONY: run test check eval lock
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Bytecode is kept, whatever the environment says: without it every start compiles 2,300 modules, some four seconds.
unexport PYTHONDONTWRITEBYTECODE
UV := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)

run: $(VENV)/.run
	@$(BIN)/postventa serve --demo

test: $(VENV)/.test
	$(BIN)/pytest -n auto --dist loadfile

# The core suite on the embedded model: no key, no network.
eval: $(VENV)/.test
	$(BIN)/postventa eval core --jobs 2 --out var/runs/core --fresh

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The machine's own uv when there is one; otherwise uv from PyPI, inside the environment it will fill.
$(VENV)/bin/python:
	@if command -v uv >/dev/null 2>&1; then uv venv -q --allow-existing $(VENV); \
	else $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install -q uv; fi

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(UV) pip install -q -p $(VENV) --require-hashes -r requirements.lock
	$(UV) pip install -q -p $(VENV) --no-deps -e .
	$(BIN)/postventa prepare
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	$(UV) pip install -q -p $(VENV) --require-hashes -r requirements-test.lock
	@touch $@

# After a change to the dependencies in pyproject.toml. The lock files name versions and hashes, no registry.
lock: | $(VENV)/bin/python
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements.lock
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --extra test pyproject.toml -c requirements.lock -o requirements-test.lock
