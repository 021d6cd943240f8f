# Every task a developer or an operator needs. `make` alone prints this help.
VENV   ?= .venv
PYTHON ?= python3
JOBS   ?= auto
BIN    := $(VENV)/bin
RUN    := $(BIN)/helpdesk-bridge

.DEFAULT_GOAL := help
.PHONY: help demo test lint format run bench crash clean

help: ## print this help
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(VENV)/.demo ## watch the bridge and a real helpdesk work together (ONCE=1: play it once and exit)
	@$(BIN)/python -m tests.journeys.demo $(if $(ONCE),--once)

test: $(VENV)/.dev ## run the tests (SQLite; PostgreSQL and a real desk too where BRIDGE_TEST_* name them)
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

lint: $(VENV)/.dev ## style, types, and which way imports point
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev ## put every file into the house's style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

run: $(VENV)/.demo ## serve webhooks and run the workers, as config/bridge.yaml says
	@$(RUN) db upgrade
	@$(RUN) run

bench: $(VENV)/.dev ## measure speed and memory; docs/benchmarks.md holds the figures
	@$(BIN)/python -m tests.benchmarks

crash: $(VENV)/.dev ## kill real processes at random, at least 200 times, and see that every promise holds
	@$(BIN)/python -m pytest tests/promises -m "" --kills 200

clean: ## remove what the other tasks made
	@rm -rf $(VENV) .demo build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A package is installed again when what it needs changed; an interrupted installation leaves no mark.
$(VENV)/.demo $(VENV)/.dev: $(VENV)/.%: setup.cfg pyproject.toml | $(BIN)/python
	@echo "installing helpdesk-bridge[$*] into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)
