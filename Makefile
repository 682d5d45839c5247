# Everything runs in .venv, which any of these targets sets up first; only python3 >= 3.11 and make are needed.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/.installed-by-make

.PHONY: help setup study test test-deep mutants fuzz check format bench docs site lock clean
.DEFAULT_GOAL := help

help:
	@echo "make study      set up, run 10,000 crises of scenarios/standoff.toml, write results/ and figures"
	@echo "make test       set up and run the tests (minutes)"
	@echo "make test-deep  the long form of every promise (up to half an hour)"
	@echo "make mutants    plant a sample of small bugs, and see how many the tests notice (seed 1, 30 minutes at most)"
	@echo "make fuzz       damaged scenarios, results and command lines, a minute each (seed 1)"
	@echo "make check      format, lint and types"
	@echo "make format     let ruff format the code"
	@echo "make bench      measure both engines against plain Mesa versions of the model"
	@echo "make docs       bring all that the documents print up to date: tables, results, sessions, picture"
	@echo "make site       build the documentation as a site, to build/site/html/index.html"
	@echo "make setup      only set up: .venv with pinned dependencies, and the command .venv/bin/brink"
	@echo "make lock       pin the newest dependencies that fit pyproject.toml"
	@echo "make clean      remove .venv and caches; results/ stays"

study: $(STAMP)
	$(BIN)/brink run scenarios/standoff.toml

test: $(STAMP)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

test-deep: $(STAMP)
	$(BIN)/python -m pytest -m deep --numprocesses auto --dist worksteal

mutants: $(STAMP)
	$(BIN)/python -m tests.mutants

fuzz: $(STAMP)
	$(BIN)/python -m tests.fuzz

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict sim tests docs

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP)
	$(BIN)/python -m tests.bench

docs: $(STAMP)
	$(BIN)/python -m docs

# The site has a virtual environment of its own, so that nothing else needs what it is made with.
site: build/site/venv/.installed-by-make
	build/site/venv/bin/python -m docs.site build/site/pages
	NO_MKDOCS_2_WARNING=1 build/site/venv/bin/mkdocs build --quiet --strict --config-file docs/mkdocs.yml
	@echo "build/site/html/index.html; to search it: python3 -m http.server --directory build/site/html"

build/site/venv/.installed-by-make: requirements-site.lock
	@python=$$(sh .ci/python); test -n "$$python" || exit 1; rm -rf build/site/venv; $$python -m venv build/site/venv
	build/site/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-site.lock
	@touch $@

setup: $(STAMP)
	@:

# The lock pins setuptools too, so the package itself is built with nothing else downloaded.
$(STAMP): requirements.lock pyproject.toml
	@python=$$(sh .ci/python); test -n "$$python" || exit 1; \
	test -x $(BIN)/python || $$python -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "python could not make a virtual environment; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

PIN := build/lock/bin/python -m piptools compile --quiet --upgrade --allow-unsafe --generate-hashes --strip-extras \
  --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock:
	@python=$$(sh .ci/python); test -n "$$python" || exit 1; $$python -m venv build/lock
	build/lock/bin/python -m pip install --quiet pip-tools
	$(PIN) --extra dev --all-build-deps --output-file build/requirements.lock pyproject.toml
	@echo '# Made by `make lock` from pyproject.toml, for Python 3.11 and newer: every version and file that `make` installs.' \
	  | cat - build/requirements.lock > requirements.lock
	build/lock/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["site"], sep="\n")' \
	  > build/site.in
	$(PIN) --output-file build/requirements-site.lock build/site.in
	@echo '# Made by `make lock` from the extra "site" of pyproject.toml: what `make site` installs.' \
	  | cat - build/requirements-site.lock > requirements-site.lock

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
