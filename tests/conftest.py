"""Fixtures for tests that start Odoo themselves. Tests of the engine need none of this.

`make_db(layer)` a fresh database as a copy of a template (core, bare, demo, mrp), dropped afterwards
`make_db_module(layer)` the same, kept for all tests of a file; with `source`, a copy of that database
`make_db_session(layer)` the same, kept to the end
`odoo_shell(database, code)` runs Python in an Odoo of its own (`env` is there), commits, returns what it printed
`odoo_server(database, *options)` starts Odoo; gives an object with `url`, `port`, `log`, `stop()`
"""

import itertools
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ADDONS = "dropship_flow", "dropship_flow_aftersales", "dropship_flow_reports"
sys.path[:0] = [str(ROOT / name) for name in ("tools", *ADDONS)]

counter = itertools.count(1)


def _databases():
    """Factory of databases and the function that drops them."""
    from flow import databases, postgres  # noqa: PLC0415 - the engine's tests run without Odoo's environment

    postgres.start()
    made = []

    def make(layer="demo", source=None):
        name = f"it_{os.getpid()}_{next(counter)}_{layer}"
        made.append(name)
        if not source:
            return databases.new(name, layer)
        databases.copy(source, name)
        return name

    def drop():
        for name in made:
            databases.drop(name)

    return make, drop


@pytest.fixture
def make_db():
    make, drop = _databases()
    yield make
    drop()


@pytest.fixture(scope="module")
def make_db_module():
    make, drop = _databases()
    yield make
    drop()


@pytest.fixture(scope="session")
def make_db_session():
    make, drop = _databases()
    yield make
    drop()


@pytest.fixture(scope="session")
def odoo_shell():
    from flow.live import run_in_shell  # noqa: PLC0415

    return run_in_shell


@pytest.fixture
def odoo_server():
    from flow.live import Server  # noqa: PLC0415

    servers = []

    def start(database, *options):
        servers.append(Server(database, *options))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
