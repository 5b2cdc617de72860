"""Browsers and running shops for the stories."""

import pytest
from chrome import Chrome
from stories import SHOTS


def running(database):
    """Odoo serving a database, with `shell(code)` beside it."""
    from flow.live import Server, run_in_shell  # noqa: PLC0415 - needs the set-up's environment

    # On a busy machine the first page would wait longer for its scripts and styles than for anything else.
    run_in_shell(database, "env['ir.qweb']._pregenerate_assets_bundles()")
    server = Server(database)
    server.shell = lambda code: run_in_shell(database, code)
    return server


@pytest.fixture(scope="module")
def world(make_db_module):
    """A running Odoo on a copy of the demo world."""
    server = running(make_db_module("demo"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def empty_shop(make_db_module):
    """A running Odoo with the addons and nothing else: no demo data, no supplier, no product."""
    server = running(make_db_module("bare"))
    yield server
    server.stop()


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
