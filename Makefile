# The course's commands. Each prepares what it needs; a second run finds it done.
# Variables: ARGS (passed on), PYTHON (interpreter to make .venv from), WORKERS (of pytest).
.DEFAULT_GOAL := help
.SUFFIXES:

PYTHON :=
ARGS :=
# Tests wait for kernels much of their time; a worker may hold 2 GB. Three, or four on four cores.
WORKERS := $(shell [ "$$(nproc 2>/dev/null || echo 2)" -gt 3 ] && echo 4 || echo 3)

BIN := .venv/bin
LOCKED := .venv/.locked
INSTALLED := .venv/.installed

# nbgrader starts `alembic` by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: lab
lab: $(INSTALLED) ## open the course in JupyterLab (ARGS=--no-browser prints the address)
	@$(BIN)/python -m scripts.lab $(ARGS)

.PHONY: demo
demo: $(INSTALLED) bubblewrap ## release, grade and give feedback to a class of eleven hand-ins
	@$(BIN)/python -m demo.run $(ARGS)

.PHONY: check
check: $(INSTALLED) lint ## formatting, lint, types and the fast tests, in under two minutes
	$(BIN)/pytest -n $(WORKERS) -m "not slow and not browser and not sandbox" $(ARGS)

.PHONY: test
test: $(INSTALLED) bubblewrap chromium lint ## all that continuous integration runs (ARGS: for pytest)
	$(BIN)/pytest -n $(WORKERS) --dist loadfile $(ARGS)

.PHONY: lint
lint: $(INSTALLED) ## formatting, lint and types alone
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@# Newer Pythons have a newer NumPy, whose types differ: they are checked with one.
	@if $(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; \
		then $(BIN)/mypy; else echo "types: checked with Python 3.11 alone"; fi

.PHONY: format
format: $(INSTALLED) ## rewrite the layout and what ruff can mend by itself
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

.PHONY: hooks
hooks: $(INSTALLED) ## run format, lint and the notebooks' fast tests before each commit (pre-commit)
	$(BIN)/pre-commit install

.PHONY: site
site: $(INSTALLED) ## build lessons, labs and docs as static pages in site/
	@$(BIN)/python -m scripts.build_site

.PHONY: contents
contents: $(INSTALLED) ## write the lists that are made from the lessons (docs/concepts.md and others)
	@$(BIN)/python -m scripts.contents

.PHONY: lock
lock: $(INSTALLED) ## resolve pyproject.toml into exact versions (ARGS=--upgrade: newest)
	$(BIN)/python -m scripts.lock $(ARGS)

.PHONY: gpu
gpu: $(INSTALLED) ## add CUDA for TensorFlow, several GB (Linux, NVIDIA driver)
	$(BIN)/python -m pip install --only-binary :all: --require-hashes -r requirements-gpu.lock

.PHONY: clean
clean: ## remove .venv and caches; students' work, grades and releases stay
	rm -rf .venv .cache .jupyter build dist site *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: bubblewrap
bubblewrap: $(INSTALLED) ## install what grading needs of the system, or say what to type
	@$(BIN)/python -m scripts.system_packages bubblewrap

.PHONY: chromium
chromium: $(INSTALLED) ## install what the browser tests need, or say what to type
	@$(BIN)/python -m scripts.system_packages chromium

# Stamps: made last, so that an interrupted installation is done again.
$(LOCKED): requirements.lock scripts/make_venv.sh
	@scripts/make_venv.sh $(PYTHON)
	@touch $@

$(INSTALLED): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
