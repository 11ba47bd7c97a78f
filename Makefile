# Every command sets up what it needs by itself: a virtual environment from the hashed lock.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: demo mariadb chromium test test-server test-slow test-thorough test-all check format docs pictures lock up down status bench bench-long clean

demo: $(INSTALLED)
	@$(BIN)/python -m examples.demo

up down status: $(INSTALLED)
	@$(BIN)/python -m infra.stack $@

# What some tests need besides Python: on Debian, as root. Without these they are skipped, and say so; CI needs them.
mariadb:
	@command -v mariadbd >/dev/null || PATH=$$PATH:/usr/sbin command -v mariadbd >/dev/null || { \
		apt-get update -q && DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends mariadb-server-core mariadb-client-core; }

chromium:
	@command -v chromium >/dev/null || { apt-get update -q && DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends chromium; }

test: $(INSTALLED)
	$(BIN)/python -m pytest -m "not slow and not thorough" -n 2 --dist worksteal

# Many more examples of every property of what is decided, the same each time, every damage and all pairs of them; and
# the whole of what make test tries once of each kind; two hundred random kills a connector are for test-all. See docs/decisions/0059-which-tests-run-when.md.
test-thorough: $(INSTALLED)
	$(BIN)/python -m pytest tests/core tests/schemas tests/connectors tests/fetching tests/metamorphic -m "hypothesis or slow" \
		--ignore-glob='*kill*' --hypothesis-profile=thorough --timeout 1800 -n 2 --dist worksteal
	$(BIN)/python -m pytest -m thorough --timeout 1800 -n 2 --dist worksteal

test-slow: $(INSTALLED)
	$(BIN)/python -m pytest -m slow

# A real Prefect server, a process worker, PostgreSQL: what only shows on the whole stack.
test-server: $(INSTALLED)
	$(BIN)/python -m pytest -m server

test-all: test test-thorough test-slow

# Ten minutes, beside the last committed numbers; bench-long takes hours and writes the pages of docs/.
bench: .venv/.bench
	$(BIN)/python -c "from bench.compact import compact; compact()"

bench-long: .venv/.bench
	$(BIN)/python -m bench
	$(BIN)/python -c "from bench.orders import bench; bench()"
	$(BIN)/python -m bench.loyalty
	$(BIN)/python -m bench.desk

# The pictures of the README, as the pages look now; what else the tests saw lies in build/screenshots.
pictures: $(INSTALLED)
	$(BIN)/python -m pytest tests/pages/test_accessibility.py -k pictures
	cp build/screenshots/readme/*.png docs/pictures/

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.conventions.lock
	$(BIN)/python -m tests.conventions.documents
	$(BIN)/python -m tests.conventions.texts

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(INSTALLED)
	$(BIN)/python -m tests.conventions.documents --write
	$(BIN)/python -m tests.conventions.texts --write

# One resolution for all: the run-time lock is the development lock without its tools.
COMPILE := $(BIN)/uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header
lock: $(INSTALLED)
	$(COMPILE) --extra dev -o requirements-dev.txt
	$(COMPILE) -c requirements-dev.txt -o requirements.txt
	$(COMPILE) --extra bench -c requirements-dev.txt -o requirements-bench.txt

# --no-deps: the lock is complete, and pip cannot match extras to hashed pins.
$(INSTALLED): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Counterfoil needs Python 3.11 or newer")'
	@echo "Setting up .venv (about a minute, only once)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.bench: $(INSTALLED) requirements-bench.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-bench.txt
	@touch $@

clean:
	rm -rf .venv *.egg-info build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
