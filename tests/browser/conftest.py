"""Browsers and running shops for the stories."""

import pytest
from chrome import Chrome
from stories import SHOTS


@pytest.fixture(scope="session")
def port():
    """One port for all servers, one after the other: a browser knows the scripts of the last one."""
    from flow.live import free_port  # noqa: PLC0415

    return free_port()


@pytest.fixture(scope="module")
def running(make_db_module, port):
    """Function: layer -> Odoo serving a new database, with `shell(code)` beside it; stopped after the file."""
    from flow.live import Server, Shell  # noqa: PLC0415

    servers = []

    def start(layer):
        database = make_db_module(layer)
        servers.append(Server(database, port=None if servers else port))
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
