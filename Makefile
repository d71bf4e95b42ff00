# `make` lists the commands. They need Python 3.11 or newer, git, and a package index or WHEELHOUSE=dir.

.NOTPARALLEL:
.PHONY: help verify test coverage check bench wheelhouse constraints clean
unexport PYTHONHOME PYTHONPATH

PYTHON_HERE = .venv/bin/python

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

verify: ## run all checks on the embedded lab, and say where the evidence is
	@sh .make/environment run
	@$(PYTHON_HERE) -m pytest --profile lab

# The tests start this program a thousand times: without byte code each would compile it anew.
test coverage: export PYTHONDONTWRITEBYTECODE =

OWN_TESTS = -m pytest tests -n 3 --dist loadfile -o cache_dir=.cache/tests $(ARGS)

test: ## run the suite's own tests; ARGS="-k hosts" chooses
	@sh .make/environment dev
	@HYPOTHESIS_STORAGE_DIRECTORY=.cache/hypothesis $(PYTHON_HERE) $(OWN_TESTS)

coverage: ## the same, and which lines none of them reached; it takes half as long again
	@sh .make/environment dev
	@rm -rf .cache/coverage && mkdir -p .cache/coverage
	@export HYPOTHESIS_STORAGE_DIRECTORY=.cache/hypothesis; \
	$(PYTHON_HERE) -m coverage run $(OWN_TESTS); ended=$$?; \
	$(PYTHON_HERE) -m coverage combine --quiet && $(PYTHON_HERE) -m coverage report || ended=1; \
	exit $$ended

check: ## lint, formatting, types, and the direction of imports
	@sh .make/environment dev
	@ended=0; \
	$(PYTHON_HERE) -m ruff check . || ended=1; \
	$(PYTHON_HERE) -m ruff format --check . || ended=1; \
	$(PYTHON_HERE) -m mypy || ended=1; \
	.venv/bin/lint-imports --cache-dir .cache/import-linter || ended=1; \
	exit $$ended

bench: ## how fast it is, beside others that do the same here; ARGS="observe --rounds 3" chooses
	@sh .make/environment run
	@$(PYTHON_HERE) -m tests.bench $(ARGS)

wheelhouse: ## gather in wheelhouse/ what a host without a package index needs
	@sh .make/wheelhouse

constraints: ## renew constraints.txt from pyproject.toml
	@sh .make/constraints

clean: ## remove .venv and the caches; evidence stays
	@rm -rf .venv .cache .bench
