# The habits of the house. Everything works with the make of macOS, too.
RUN = .venv/bin
WORKERS ?= auto

export PYTHONPATH = src

.PHONY: up test check bench pictures schema reference lock environment

up: ## start everything in the foreground
	@scripts/environment run
	@scripts/client
	@exec env GUANXI_STARTED_BY_MAKE=1 ./guanxi up

environment: ## what the tests and checks need
	@scripts/environment dev

test: environment ## everything that CI runs
	@scripts/client
	$(RUN)/python -m pytest -n $(WORKERS) --dist loadgroup --durations=15

check: environment ## lint, types, imports, drift and the fast tests
	@scripts/check

bench: environment ## print the figures, with the floor and the bare SQL of the same run
	@scripts/client
	$(RUN)/python -m bench

pictures: environment ## take every page of the filled demo
	@scripts/client
	$(RUN)/python -m tests.pictures

schema: ## describe the HTTP interface anew, and the client's types with it
	@scripts/environment dev
	scripts/schema

reference: environment ## write docs/reference anew from what is declared
	@scripts/reference

lock: ## pin the packages anew, with hashes and without addresses
	scripts/lock
