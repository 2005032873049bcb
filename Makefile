.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The one tool that is not in the lock file: it reads it.
UV := $(BIN)/uv

.PHONY: help demo test check serve bench

help:  ## Print what can be done here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

$(UV):
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip --quiet --disable-pip-version-check install uv

$(VENV)/.program: $(UV) pyproject.toml uv.lock
	@$(UV) sync --quiet --frozen --compile-bytecode --no-dev --inexact
	@touch $@

$(VENV)/.tests: $(UV) pyproject.toml uv.lock
	@$(UV) sync --quiet --frozen --compile-bytecode --inexact
	@touch $@ $(VENV)/.program

demo: $(VENV)/.program  ## Make music, a collection and links, and serve them until Ctrl-C
	@$(BIN)/segue demo

serve: $(VENV)/.program  ## Serve the data folder that `segue init` has set up
	$(BIN)/segue serve

test: $(VENV)/.tests  ## Run every test
	$(BIN)/pytest $(ARGS)

check: $(VENV)/.tests  ## Lint, formatting and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/.tests  ## Measure, beside the ceilings, into benchmarks/results/
	$(BIN)/python benchmarks/run.py $(ARGS)
