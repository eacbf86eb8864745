# Each target makes its own environment: a machine needs Python 3.11 and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup demo test lint bench bench-short pictures clean

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "policywire needs Python 3.11 or newer; say which with: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

demo: setup
	$(BIN)/policywire demo

test: setup lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# all figures of docs/performance.md, in under 30 minutes on two idle cores
bench: setup
	$(BIN)/python bench/run.py

# what tests/test_bench_floors.py runs
bench-short: setup
	$(BIN)/python bench/run.py --short

pictures: setup
	$(BIN)/policywire demo --folder demo-out > /dev/null
	$(BIN)/python -m demo.pictures --folder demo-out --into docs/img

clean:
	rm -rf .venv demo-out
