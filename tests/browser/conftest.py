"""Browsers and running shops for the stories."""

import os
import zlib

import pytest
from chrome import Chrome
from stories import SHOTS

LANGUAGES = {"en_US": "en", "zh_CN": "zh", "en": "en", "zh": "zh", "": "en", "/zh_CN": "zh"}


def pytest_collection_modifyitems(config, items):
    """QUICK=1: a story told in English and in Chinese is told in one of them, half of the stories in each."""
    if os.environ.get("QUICK", "") in ("", "0"):
        return
    left = [item for item in items if not told_in_other(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in left])
    items[:] = left


def told_in_other(item):
    """Whether this is the telling in the language that is not its turn."""
    values = getattr(item, "callspec", None) and item.callspec.params
    told = values and next((values[name] for name in ("lang", "prefix", "tag") if name in values), None)
    if told is None:
        return False
    turn = "en" if zlib.crc32(item.originalname.encode()) % 2 else "zh"
    return LANGUAGES[told] != turn


@pytest.fixture(scope="session")
def port():
    """One port for all servers, one after the other: a browser knows the scripts of the last one."""
    from flow.live import free_port  # noqa: PLC0415

    return free_port()


@pytest.fixture(scope="module")
def running(make_db_module, port):
    """Function: layer -> Odoo serving a new database, with `shell(code)` beside it; stopped after the file."""
    from flow.live import Server  # noqa: PLC0415

    servers = []

    def start(layer):
        database = make_db_module(layer)
        servers.append(Server(database, port=None if servers else port, shell=True))
        return servers[-1]

    yield start
    for server in servers:
        server.shell.close()
        server.kill()  # a polite end waits for the connections of browsers that are gone


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
