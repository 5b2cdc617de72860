"""Browsers and running shops for the stories."""

import functools

import pytest
from chrome import Chrome
from stories import SHOTS


@pytest.fixture(scope="session")
def dressed(make_db_session):
    """Function: layer -> a database of which copies are made, with scripts and styles of all pages ready.

    Otherwise the first page of each copy would wait longer for them than for anything else.
    """
    from flow.live import run_in_shell  # noqa: PLC0415 - needs the set-up's environment

    @functools.cache
    def make(layer):
        database = make_db_session(layer)
        run_in_shell(database, "env['ir.qweb']._pregenerate_assets_bundles()")
        return database

    return make


@pytest.fixture(scope="module")
def running(dressed, make_db_module):
    """Function: layer -> Odoo serving a new database, with `shell(code)` beside it; stopped after the file."""
    from flow.live import Server, Shell  # noqa: PLC0415

    servers = []

    def start(layer):
        database = make_db_module(layer, dressed(layer))
        servers.append(Server(database))
        servers[-1].shell = Shell(database)
        return servers[-1]

    yield start
    for server in servers:
        server.shell.stop()
        server.stop()


@pytest.fixture(scope="module")
def world(running):
    """A running Odoo on a copy of the demo world."""
    return running("demo")


@pytest.fixture(scope="module")
def empty_shop(running):
    """A running Odoo with the addons and nothing else: no demo data, no supplier, no product."""
    return running("bare")


@pytest.fixture
def chrome():
    with Chrome(SHOTS) as browser:
        yield browser
        assert not browser.errors, browser.errors


@pytest.fixture
def phone():
    """A telephone of 390 pixels' width."""
    with Chrome(SHOTS, width=390, height=844) as browser:
        yield browser
        assert not browser.errors, browser.errors
