# Everything a person or a machine does with this repository; `make help` lists it. CI calls these and nothing else.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export PORT ?= 8000
PY := .venv/bin/python
UV_VERSION := 0.13.9
export UV_SYSTEM_CERTS := 1
WORKERS ?= 2
ARGS ?=

.PHONY: help run test faults lint format lock stack replay afternoon histories roster-bench compose-test contracts admin secrets dead-letters clean setup setup-dev

help: ## what there is to do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## start the whole suite in one process; PORT=8000
	@exec $(PY) -m deploy.all_in_one

stack: setup ## start it as separate processes on PostgreSQL and RabbitMQ; PORT=8000
	@exec $(PY) -m deploy.stack

replay: setup ## drive a real Open Repair Data file through it; FILE= OUT= [STACK=1] [URL=]
	@exec $(PY) -m deploy.replay --file "$(FILE)" --out "$(OUT)" \
	  $(if $(filter 1,$(STACK)),--stack) $(if $(URL),--url "$(URL)") $(ARGS)

afternoon: setup-dev ## play one busy afternoon on the distributed suite, with a browser; OUT= [FILE=] [SEED=]
	@exec $(PY) -m tests.bench.afternoon --out "$(OUT)" \
	  $(if $(FILE),--file "$(FILE)") $(if $(SEED),--seed $(SEED)) $(ARGS)

histories: setup-dev ## play random lives of bookings and waitlists on both databases; N= OUT= [SEED=]
	@exec $(PY) -m tests.bench.histories --n $(or $(N),2000) --out "$(OUT)" $(if $(SEED),--seed $(SEED)) $(ARGS)

roster-bench: setup-dev ## how good roster proposals are for a term; OUT= [SEEDS=5] [BOUND_S=600, 0 takes the bounds kept] [ARGS=--only-bounds]
	@exec $(PY) -m tests.bench.roster --out "$(OUT)" $(if $(SEEDS),--seeds $(SEEDS)) \
	  $(if $(BOUND_S),--bound-s $(BOUND_S)) $(ARGS)

test: setup-dev ## run every test on real servers and a real browser; ARGS= for pytest
	@CI=$${CI:-true} $(PY) -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder --durations 15 $(ARGS)

faults: setup-dev ## kill every process, the broker, a database; nothing may be lost or done twice
	@CI=$${CI:-true} $(PY) -m pytest tests/faults --durations 10 $(ARGS)

lint: setup-dev ## check style, types, layers, YAML, Dockerfile and compose file
	@PATH="$$PWD/.venv/bin:$$PATH" $(PY) -m deploy.lint

format: setup-dev ## put the code into its one format
	@.venv/bin/ruff check -q --fix-only . && .venv/bin/ruff format .

admin: setup ## make the first administrator and print a one-time link; LOGIN= [DATA_DIR=var/data]
	@mkdir -p "$${DATA_DIR:-var/data}"; DATA_DIR=$${DATA_DIR:-var/data} PUBLIC_URL=$${PUBLIC_URL:-http://localhost:$(PORT)} \
	  $(PY) -m services.identity.cli create-admin "$(LOGIN)"

secrets: setup ## make the password files that docker-compose.yml names, below var/secrets
	@$(PY) -m deploy.secret_files

dead-letters: setup ## show, replay or drop messages that could not be handled; SERVICE=booking [STACK=1] [ARGS="replay ID"]
	@$(if $(filter 1,$(STACK)),set -a; . $${STATE:-var/stack}/settings.env; set +a;) \
	  export DATA_DIR=$${DATA_DIR:-var/demo}; \
	  exec $(PY) -m services.$(or $(SERVICE),booking).cli dead-letters $(or $(ARGS),show)

compose-test: setup-dev ## build the images, bring compose up, run the main job, take it down (root)
	@exec $(PY) -m deploy.compose_test $(ARGS)

contracts: setup ## write down what every API promises; git diff shows what readers will see
	@export DATA_DIR=var/contracts; \
	$(PY) -c 'from pathlib import Path; from shared.auth import ensure_keys; ensure_keys(Path("var/contracts/keys"))'; \
	for name in catalog booking roster notify identity; do \
	  $(PY) -m services.$$name.cli openapi > services/$$name/contracts/openapi.json.new && \
	  mv services/$$name/contracts/openapi.json.new services/$$name/contracts/openapi.json; done

lock: .tools/bin/uv ## lock every library with its hashes; no registry address in any file
	@lock() { .tools/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
	    --no-emit-index-url --custom-compile-command "make lock" pyproject.toml "$$@"; }; \
	lock -o requirements/runtime.txt; \
	lock --group dev -o requirements/dev.txt; \
	lock --extra otel -o requirements/otel.txt; \
	lock --extra roster -o requirements/roster.txt

clean: ## remove what was made here (virtual environment, caches); data in var/ stays
	@rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Set-up: done once per lock file, remembered by its hash, so that later starts do no work.

setup:
	@bash deploy/setup.sh runtime

setup-dev:
	@bash deploy/setup.sh dev

.tools/bin/uv:
	@bash deploy/setup.sh tools
