.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The one tool that is not in the lock file: it reads it.
UV := $(BIN)/uv

.PHONY: help demo test fuzz check serve bench listening

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

# So many tries for each call and each database; 300 take some minutes.
EXAMPLES ?= 300

fuzz: $(VENV)/.tests  ## Try every call of the API against its own document, EXAMPLES=300 times
	SEGUE_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/reference/test_fuzz.py $(ARGS)

check: $(VENV)/.tests  ## Lint, formatting and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(VENV)/.tests  ## Measure, beside the ceilings, into benchmarks/results/
	$(BIN)/python benchmarks/run.py $(ARGS)

listening: $(VENV)/.tests  ## Make, measure and draw ten pieces, into docs/listening.md
	@PYTHONPATH=. $(BIN)/python -m listening.run
