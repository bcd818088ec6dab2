# The commands of the project. `make demo` and `make test` do all the set-up themselves.
PORT ?= 8000
BIN := .venv/bin

.PHONY: demo test check bench measure screenshots help-pictures lock translations

demo:
	@scripts/setup analysis
	@CONSULTA_DEMO=1 PORT=$(PORT) scripts/demo

test:
	@scripts/setup test
	$(BIN)/python -m pytest -n auto --dist loadgroup

check:
	@scripts/setup test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python -m pytest -q tests/contracts
	-$(BIN)/pip-audit --progress-spinner off -r requirements/base.txt

bench:
	@scripts/setup test
	$(BIN)/python -m bench

measure:
	@scripts/setup test
	$(BIN)/python -m measure $(ONLY)

screenshots:
	@scripts/setup test
	$(BIN)/python -m measure.screenshots

help-pictures:
	@scripts/setup test
	$(BIN)/python -m measure.help_pictures

lock:
	scripts/lock

translations:
	@scripts/setup base
	$(BIN)/python -m consulta.i18n.extraction
