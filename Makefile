# `make help` lists what there is. Each target sets up what it needs in .venv first.
PYTHON ?= python3
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
LOCK := $(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11

.PHONY: help setup demo run test long check fix migrate schema bench lock licences
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/developing ## Install everything for development into .venv

demo: .venv/running ## Chat with the bot in the browser, without Telegram
	@$(BIN)/python -m bot demo

run: .venv/running ## Run the bot on Telegram (needs BOT_TOKEN: python -m bot init)
	@$(BIN)/python -m bot run

test: .venv/developing ## All tests, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -q -n auto --dist worksteal

long: .venv/developing ## Tests that take minutes, of rules that a shorter one in `test` guards too
	@$(BIN)/python -m pytest -q -n auto -m long

check: .venv/developing ## Format, lint, types, import contracts, migrations, knowledge, Dockerfile
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/python -m db.migrations.check && $(BIN)/python -m bot knowledge lint districts/lamongan/knowledge && $(BIN)/hadolint Dockerfile

fix: .venv/developing ## Format, and mend what can be mended by itself
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

migrate: .venv/running ## Bring the database to the newest version
	@$(BIN)/python -m bot migrate

schema: .venv/developing ## Write simulator/schema.json anew from aiogram's models
	@$(BIN)/python -m simulator.write_schema

bench: .venv/developing ## Print our figures beside a peer's
	@$(BIN)/python -m benchmarks

lock: .venv/developing ## Lock the requirements anew, with hashes and without any address
	@$(LOCK) --group dev pyproject.toml -o requirements/dev.txt && $(LOCK) -c requirements/dev.txt pyproject.toml -o requirements/run.txt

licences: .venv/developing ## Write docs/licences.md anew
	@$(BIN)/python -m docs.write_licences

.venv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python 3.11 or newer with venv and pip is needed: apt-get install python3 python3-venv python3-pip"; exit 1; }
	@$(PYTHON) -m venv .venv && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt && touch $@

# uv is fast; where it cannot reach the packages as pip is set up to, pip does the same.
.venv/running: requirements/run.txt .venv/bin/uv
	@$(BIN)/uv pip install -q --require-hashes -r $< 2>/dev/null || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/developing: requirements/dev.txt .venv/running
	@$(BIN)/uv pip install -q --require-hashes -r $< 2>/dev/null || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@
