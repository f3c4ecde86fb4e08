# The two commands of this project: `make build` and `make test`. Each sets up what it needs in
# .venv, with uv if it is there, else with venv and pip.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EXTRAS := .[polars,publish]

NODE_CLIENT := .node/node_modules/datapackage

# The tests start hundreds of processes, each of which would compile our modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: build test fuzz spark check style types tests wheel benchmark node clean

build: $(READY)
	$(BIN)/ycd validate .
	$(BIN)/ycd build . --out dist
	@echo "The release is in dist/v*, the newest one in dist/latest, the list in dist/versions.json,"
	@echo "the site in dist/index.html; $(BIN)/ycd serve shows it."

# Types take long in a fresh clone: they are checked beside the tests.
test: $(READY) node style
	@$(MAKE) --no-print-directory -j 2 types tests
	@echo "Every check and test passed."

tests: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile -r s

# The examples of `make test` are always the same; this tries a hundred times as many, and new
# ones. What fails is printed as an example: add it to the test as an @example when you mend it.
fuzz: $(READY)
	YCD_FUZZ=1 $(BIN)/python -m pytest -n auto -m hypothesis

# The engine spark on a real Spark; it needs Java 17. pyspark is large, and pandera behaves otherwise
# where it is: it has a folder of its own, and `make test` does without.
SPARK := .spark
PYSPARK := pyspark==4.2.1 py4j==0.10.9.9 grpcio grpcio-status googleapis-common-protos protobuf \
  zstandard
QUICK_JAVA := -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark: $(READY) $(SPARK)
	YCD_REQUIRE_SPARK=1 JAVA_TOOL_OPTIONS='$(QUICK_JAVA)' PYTHONPATH=$(SPARK) \
	  $(BIN)/python -m pytest tests/spark -r s

$(SPARK):
	@rm -rf $(SPARK).part; \
	if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --no-deps --target $(SPARK).part $(PYSPARK); \
	else $(BIN)/python -m pip install --quiet --no-deps --target $(SPARK).part $(PYSPARK); fi \
	&& mv $(SPARK).part $(SPARK)

# Without pytest: style, types, and the offline linters of the workflows.
check: style types

style: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

# The JavaScript client of the Data Package standard, for one test; skipped where node is not.
node:
	@if [ -d $(NODE_CLIENT) ]; then :; elif command -v npm >/dev/null 2>&1; then \
	  { npm install --silent --ignore-scripts --no-audit --no-fund --prefix .node.$$$$ \
	      datapackage@1.1.10 && mv -n .node.$$$$ .node; } \
	    || echo "make: npm cannot fetch the node client: its test is skipped"; \
	  rm -rf .node.$$$$; \
	else echo "make: there is no node: the test of the node client is skipped"; fi

wheel: $(READY)
	$(BIN)/python -m hatchling build -d build
	@echo "The wheel and the source archive are in build/."

# Not part of the tests; see benchmarks/README.md. HUGE=--huge adds 10 million rows.
SIZES := 10000 100000 1000000
benchmark: $(READY)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(BIN)/python --group benchmark; \
	else $(BIN)/python -m pip install --quiet --group benchmark; fi
	$(BIN)/python benchmarks/run.py --sizes $(SIZES) $(HUGE)
	$(BIN)/python benchmarks/export.py

$(READY): pyproject.toml
	@set -e; \
	if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python '>=3.11' $(VENV); \
	  uv pip install --quiet --python $(BIN)/python -e '$(EXTRAS)' --group dev; \
	else \
	  python=; \
	  for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	    if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	      python=$$each; break; \
	    fi; \
	  done; \
	  if [ -z "$$python" ]; then echo "make: Python 3.11 or newer is needed" >&2; exit 1; fi; \
	  $$python -m venv $(VENV); \
	  $(BIN)/python -m pip install --quiet --upgrade pip; \
	  $(BIN)/python -m pip install --quiet -e '$(EXTRAS)' --group dev; \
	fi; \
	touch $(READY)

clean:
	rm -rf $(VENV) .node .node.* $(SPARK) $(SPARK).part build dist
