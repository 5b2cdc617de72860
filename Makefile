# Dropship Flow. `make help` lists what can be done; the work is in tools/flow.
# Variables: PORT (8069), DB (dropship), DEMO (1), HOST (127.0.0.1), ODOO_HOME, PG*; see docs/setup.md.
.PHONY: help run shell test test-core upgrade-test lint bench soak i18n setup stop clean
.DEFAULT_GOAL := help
flow := @tools/flow.sh
# Ctrl-C reaches make too; the recipe itself ends cleanly, so make adds nothing.
export PORT DB DEMO HOST ODOO_HOME CORE_DEMO SOAK FROM CHECK BASELINE KEEP

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

run:  ## install what is missing and start Odoo with the demo world (DEMO=0 DB=shop: an empty shop)
	$(flow) run

shell:  ## Odoo's Python shell on DB
	$(flow) shell

test:  ## every test; the last line says "N passed, M failed"
	$(flow) test

lint:  ## ruff and pylint-odoo
	$(flow) lint

bench:  ## the measurements in tests/benchmarks
	$(flow) bench

soak:  ## brute force, many processes and lives at full length, screens in both languages
	$(flow) soak

test-core:  ## Odoo's own tests of sale, purchase and stock with our addons installed
	$(flow) test-core

upgrade-test:  ## install the addons as of FROM (last tag, else last commit) and migrate to this tree
	$(flow) upgrade-test

i18n:  ## renew the translation files (CHECK=1: only say what is untranslated)
	$(flow) i18n

setup:  ## only fetch and install Odoo, PostgreSQL and the Python packages
	$(flow) setup

stop:  ## stop the private PostgreSQL server
	$(flow) pg stop

clean:  ## remove .odoo/ with its databases (the download cache stays)
	$(flow) clean
