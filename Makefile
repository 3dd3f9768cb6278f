# make demo: see it work.  make test: see it hold.  make alone lists the rest.
SHELL := /bin/sh
PY := .venv/bin/python
PYTHON ?= python3
ARGS ?=

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/run ## two brands, 300 people, two weeks in a minute; ARGS="--json", ARGS="--keep"
	@$(PY) -m outreach demo $(ARGS)

run: .venv/run ## web, worker and ticker on embedded servers; data stays in var/
	@OUTREACH_LOGIN_OVER_HTTP=$${OUTREACH_LOGIN_OVER_HTTP:-on} $(PY) -m outreach embedded -- $(PY) -m honcho start web worker ticker

test: .venv/dev ## what must hold, in minutes; browser tests need `apt-get install -y chromium`
	@$(PY) -m pytest $(ARGS)

search: .venv/dev ## property tests with examples never seen before; what is found becomes an example of its test
	@PROPERTIES=search $(PY) -m pytest -m hypothesis $(ARGS)

storm: .venv/dev ## kill, stop and wipe everything while thousands are contacted; SCENARIO=F1 SCALE=0.1
	@$(if $(SEEDS),$(PY) -m tests.simulation 0 --count $(SEEDS),$(if $(PAIRS),$(PY) -m tests.simulation.points --pairs $(PAIRS),$(PY) -m tests.storm)) $(ARGS)

storm-check: .venv/dev ## take out each safeguard in a copy of the code: somebody has to notice
	@$(PY) -m tests.storm.check

screens: .venv/dev ## a picture of every screen into docs/screens; ARGS="today person" takes those alone
	@$(PY) -m tests.screens $(ARGS)

bench: .venv/dev ## how fast, beside the floors; ARGS="--json", ONLY=judging,turns
	@$(PY) -m bench $(ARGS)

check: .venv/dev ## ruff, mypy --strict, import contracts, known holes in locked packages
	@$(PY) -m tests.advisories & asked=$$!; \
	{ $(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy && .venv/bin/lint-imports; }; \
	held=$$?; wait $$asked && exit $$held

fix: .venv/dev ## let ruff mend what it can
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

shape: .venv/dev ## sizes of modules and functions beside what we aim for
	@$(PY) -m tests.shape

lock: ## resolve again and write requirements/*.txt (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra desk --group build pyproject.toml -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra bench -c requirements/run.txt pyproject.toml -o requirements/bench.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra chat --extra desk --extra oidc --extra reports --extra traces --group build --group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

# Two stamps, so that the demo does not wait for the test tools. Standard output stays clean for --json.
.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "outreach needs Python 3.11 or newer; set PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv .venv >&2
	@touch $@

.venv/run: .venv/python requirements/run.txt pyproject.toml
	@echo "installing the locked packages into .venv" >&2
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt >&2
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . >&2
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	@echo "installing the locked test tools into .venv" >&2
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt >&2
	@touch $@

.PHONY: help demo run test search storm storm-check screens bench check fix shape lock
.DELETE_ON_ERROR:
