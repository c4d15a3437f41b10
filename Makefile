# Every command of the project. `make help` lists them.
#
# Each environment is made once and installed again when its lock file or pyproject.toml changes:
# the file .run, .dev or .bench inside it says what it holds. Packages come from hashed locks; the
# build backend is among them, so that installing the project itself downloads nothing more.

PYTHON ?= python3
ENV ?= .venv
BENCH_ENV ?= .venv-bench
LOWEST_ENV ?= .venv-lowest
DEMO ?= scenarios/oxford_circus_2020.yaml
UPGRADE ?=
PYTEST_ARGS ?=

# Asserts that are rewritten and modules that are compiled are kept: doing it anew at each start
# takes longer than most files of tests.
export PYTHONDONTWRITEBYTECODE :=

BIN := $(ENV)/bin
PIP_FLAGS := --quiet --disable-pip-version-check
# Files go to whichever process is free, whole: what a file has made is made once.
SPREAD := -n auto --dist loadfile
# A fifth of the examples of each property: the other tests try them all.
QUICK := -m "not slow and not statistical and not processes and not whole and not browser" \
	--hypothesis-profile=quick --ignore=tests/browser
LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)

# A folder called "tests", "scenarios" or "docs" must not count as a target that is done.
.PHONY: help demo test quick browser lint ruff format format-check types imports files scenarios bench \
	validate walk slow lowest footfall hooks lock tables shipped lessons clean
.DELETE_ON_ERROR:
.PRECIOUS: %/.made

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

demo: $(ENV)/.run  ## install into .venv and run one real deployment
	$(BIN)/passerby run $(DEMO)

test: $(ENV)/.dev  ## every test but the slow ones and those in a browser, on all cores
	$(BIN)/python -m pytest $(SPREAD) $(PYTEST_ARGS)

quick: $(ENV)/.dev  ## the tests of the parts alone, with fewer examples of each property; no process is started
	$(BIN)/python -m pytest $(QUICK) $(PYTEST_ARGS)

slow: $(ENV)/.dev  ## the slow tests, on all cores
	$(BIN)/python -m pytest -m "slow and not browser" $(SPREAD) $(PYTEST_ARGS)

browser: $(ENV)/.dev  ## the page in Chromium, which must be installed; screenshots in build/
	$(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

lint: ruff format-check types imports files  ## style, format, types, import contract, files

ruff: $(ENV)/.dev  ## style and likely faults
	$(BIN)/ruff check .

format: $(ENV)/.dev  ## rewrite every file in the project's format
	$(BIN)/ruff format .

format-check: $(ENV)/.dev  ## is every file in the project's format?
	$(BIN)/ruff format --check .

types: $(ENV)/.dev  ## mypy, strict
	$(BIN)/mypy

imports: $(ENV)/.dev  ## the import contract of pyproject.toml
	$(BIN)/lint-imports

files: $(ENV)/.dev  ## no merge markers, no large files
	git ls-files -z | xargs -0 $(BIN)/check-merge-conflict --assume-in-merge
	git ls-files -z | xargs -0 $(BIN)/check-added-large-files --enforce-all --maxkb=1000

scenarios: $(ENV)/.run  ## check and run every file in scenarios/
	@for file in scenarios/*.yaml; do \
		echo "== $$file"; \
		$(BIN)/passerby check "$$file" && $(BIN)/passerby run "$$file" \
			|| { echo "make scenarios: $$file failed" >&2; exit 1; }; \
	done

bench: $(BENCH_ENV)/.bench  ## speed against peers, in an environment of its own (large)
	@for file in benchmarks/[a-z]*.py; do \
		echo "== $$file"; \
		$(BENCH_ENV)/bin/python "$$file" || { echo "make bench: $$file failed" >&2; exit 1; }; \
	done

validate: slow lowest bench walk  ## before a release: slow tests, lowest versions, benchmarks, the walk

walk: $(ENV)/.dev  ## the walk against measurements: numbers and plots into docs/model/validation.md
	$(BIN)/python -m scripts.validation

# uv resolves here because pip cannot ask for the lowest versions; not hashed, thrown away after.
lowest: $(ENV)/.dev  ## the quick tests on the lowest versions that pyproject.toml allows
	rm -rf $(LOWEST_ENV)
	$(BIN)/uv venv --quiet --python $(BIN)/python $(LOWEST_ENV)
	$(BIN)/uv pip install --quiet --python $(LOWEST_ENV)/bin/python --resolution lowest-direct -e .
	$(BIN)/uv pip freeze --exclude-editable --python $(LOWEST_ENV)/bin/python > $(LOWEST_ENV)/lowest.txt
	$(BIN)/uv pip install --quiet --python $(LOWEST_ENV)/bin/python -c $(LOWEST_ENV)/lowest.txt \
		pytest hypothesis check-jsonschema
	$(LOWEST_ENV)/bin/python -m pytest $(QUICK) $(PYTEST_ARGS)
	rm -rf $(LOWEST_ENV)

footfall: $(ENV)/.dev  ## derive the hourly shape of footfall again from the counts
	$(BIN)/python scripts/derive_footfall.py

hooks: $(ENV)/.dev  ## run the linters at each commit
	$(BIN)/pre-commit install

lock: $(ENV)/.dev  ## resolve the locks again; UPGRADE=1 raises what is locked
	$(LOCK) --group build -o requirements.lock
	$(LOCK) --group build --extra dev --extra footfall -c requirements.lock -o requirements-dev.lock
	$(LOCK) --group build --extra benchmark -c requirements.lock -o requirements-benchmark.lock

tables: $(ENV)/.dev  ## write docs/model/parameters.md again from the evidence register
	$(BIN)/python -m scripts.write_parameter_tables

lessons: $(ENV)/.dev  ## write docs/lessons again from the lessons of the page
	$(BIN)/python -m scripts.write_lessons

shipped: $(ENV)/.dev  ## compute again what the pages Density and Frontier ship with: half an hour
	$(BIN)/python -m scripts.write_density_table
	$(BIN)/python -m scripts.write_frontier_table

clean:  ## remove the environments, the caches and the results
	rm -rf .venv .venv-* $(ENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		.import_linter_cache dist results
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

# An environment that was not finished is removed: half of one looks like a whole one to make.
%/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: $(PYTHON) is missing or older than Python 3.11." >&2; \
		echo "make: name another: make PYTHON=python3.13 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making $* with $$($(PYTHON) --version)"
	@rm -rf $*
	@$(PYTHON) -m venv $* || { rm -rf $*; \
		echo "make: $(PYTHON) has no venv module (Debian, Ubuntu: install python3-venv)." >&2; \
		exit 1; }
	@touch $@

define install
	@echo "Installing $< into $(@D) (a minute or two the first time)"
	@$(@D)/bin/python -m pip install $(PIP_FLAGS) --require-hashes -r $<
	@$(@D)/bin/python -m pip install $(PIP_FLAGS) --no-deps --no-build-isolation -e .
	@touch $@
endef

%/.run: requirements.lock pyproject.toml | %/.made
	$(install)

%/.dev: requirements-dev.lock pyproject.toml | %/.made
	$(install)

%/.bench: requirements-benchmark.lock pyproject.toml | %/.made
	$(install)
