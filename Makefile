# `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PORT ?= 8000
BIND ?= 127.0.0.1
SCALE ?= small
# Two halves of the suite run beside each other, each with a server and folder of its own.
FIRST := tests/unit $(addprefix tests/integration/,accounts agents aws cluster conversations embeddings evidence gates memory scoping)
export PGSERVER_POSTGRES_VERSION := 16

.DEFAULT_GOAL := help
.PHONY: help install demo run worker test lint format bench bench-memory canary clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.installed: requirements.txt
	@echo "Installing into $(VENV) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed tests/requirements.txt tests/browser/package-lock.json
	@echo "Installing the test tools …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@cd tests/browser && npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

install: $(VENV)/.installed ## Make .venv, install the requirements, prepare our own database
	@$(MANAGE) prepare

demo: $(VENV)/.installed ## Serve a demo world at http://127.0.0.1:8000 (PORT= moves it)
	@exec $(MANAGE) demo --port $(PORT) --bind $(BIND)

run: install ## Serve the console for the database in LETTA_PG_URI
	@test -n "$$LETTA_PG_URI$$LETTA_PG_URI_FILE" || { echo "Set LETTA_PG_URI first: make run LETTA_PG_URI=postgresql://…"; exit 2; }
	@INSPECTOR_HTTPS=$${INSPECTOR_HTTPS:-false} exec $(MANAGE) serve --port $(PORT) --bind $(BIND)

worker: install ## Run only the worker
	@exec $(MANAGE) work

lint: $(VENV)/.installed-tests ## Check style, types, layers and templates
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@$(BIN)/djlint --quiet --lint templates

format: $(VENV)/.installed-tests ## Format Python
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

test: $(VENV)/.installed-tests lint ## Run lint and the whole suite, real PostgreSQL and browser included
	@$(BIN)/python -m pytest $(FIRST) > $(VENV)/first-half.log 2>&1 & first=$$!; \
	$(BIN)/python -m pytest tests/integration tests/browser $(addprefix --ignore=,$(FIRST)); second=$$?; \
	wait $$first; first=$$?; cat $(VENV)/first-half.log; \
	if [ $$first -ne 0 ] || [ $$second -ne 0 ]; then exit 1; fi

bench: $(VENV)/.installed-tests ## Run the benchmarks (SCALE=full for the large ones)
	@SCALE=$(SCALE) $(BIN)/python -m pytest tests/benchmarks -o addopts= -p no:cacheprovider -s --timeout=7200

bench-memory: install ## Score rebuilt memory against recorded histories (TRUTH=folder)
	@test -n "$(TRUTH)" || { echo "Name the folder: make bench-memory TRUTH=…"; exit 2; }
	@$(MANAGE) bench_memory "$(TRUTH)"

canary: $(VENV)/.installed-tests ## Ask 5,000 times as each role whether anything foreign or forbidden comes back
	@CANARY_REQUESTS=$${CANARY_REQUESTS:-5000} $(BIN)/python -m pytest tests/integration/gates/test_canaries.py -q

clean: ## Stop the embedded database and remove var/ (the demo world and our own database)
	@test ! -x $(BIN)/python || $(MANAGE) stop_embedded
	@rm -rf var
