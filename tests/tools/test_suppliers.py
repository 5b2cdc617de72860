"""The demo's suppliers run as processes while `make run` does, and never keep it from running."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import psycopg2
import pytest

from flow import suppliers
from flow.paths import ROOT


class Cursor:
    """Just enough of a database: connections by name, and what was written."""

    def __init__(self, names):
        self.names, self.written, self.row, self.connected = names, [], None, False

    def execute(self, query, values=()):
        self.row = None
        if query.startswith("SELECT to_regclass"):
            self.row = (True,)
        elif "database.uuid" in query:
            self.row = ("0123456789",)
        elif query.startswith(suppliers.RECORD):
            name = values[0].partition("_")[2]
            self.row = (self.names.index(name) + 1,) if name in self.names else None
        elif query.startswith("SELECT 1 FROM ir_config_parameter"):
            self.row = (1,) if self.connected else None
        else:
            self.connected |= query.startswith("INSERT INTO ir_config_parameter")
            self.written.append((query, list(values)))

    def fetchone(self):
        return self.row


@pytest.fixture
def world(tmp_path, monkeypatch):
    def make(*names):
        cr = Cursor(names)

        @contextmanager
        def cursor(_database):
            yield cr

        monkeypatch.setattr(suppliers, "WORK", tmp_path)
        monkeypatch.setattr(suppliers.databases, "cursor", cursor)
        return cr

    return make


def told(cr):
    return [values for query, values in cr.written if query.startswith("UPDATE dropship_connection SET endpoint")]


def test_they_run_while_the_block_lasts(world, tmp_path):
    cr = world("rhein", "suzhou")
    begin = time.monotonic()
    with suppliers.running("shop") as started:
        assert time.monotonic() - begin < 5
        assert [name for name, _process in started] == ["rhein", "suzhou"]
        (url, token, _id), _other = told(cr)
        request = urllib.request.Request(f"{url}/orders?refs=P1", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.read() == b'{"orders": []}'
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{url}/orders?refs=P1", timeout=5)
        assert (tmp_path / "suppliers" / "shop-01234567" / "rhein.jsonl").exists()
        assert "answer_mode = 'manual'" in str(cr.written)
    assert all(process.poll() is not None for _name, process in started)
    assert cr.written[-1][0].startswith("UPDATE dropship_connection SET active = false")
    cr.written.clear()
    with suppliers.running("shop"):
        assert len(told(cr)) == 2
    assert "answer_mode" not in str(cr.written), "what a person changed since stays"


def test_a_database_without_the_demo_has_none(world):
    cr = world()
    with suppliers.running("shop") as started:
        assert started == []
    assert cr.written == []


def test_nothing_keeps_odoo_from_starting(world, monkeypatch):
    cr = world("rhein")
    monkeypatch.setattr(suppliers, "SUPPLIERS", (("rhein", "grumpy", 1),))
    with suppliers.running("shop") as started:
        assert started == []
    assert not told(cr)

    def fail(_database):
        raise psycopg2.OperationalError("gone")

    monkeypatch.setattr(suppliers, "start", fail)
    with suppliers.running("shop") as started:
        assert started == []


def test_they_do_not_outlive_who_started_them(tmp_path):
    code = (
        "import subprocess, sys; p = subprocess.Popen([sys.executable, '-m', 'simulator.server', '--with-parent', "
        f"'--ledger', {str(tmp_path / 'l.jsonl')!r}], stdout=subprocess.PIPE, text=True); p.stdout.readline(); "
        "print(p.pid, flush=True)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "dropship_flow")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    child = int(done.stdout)
    until = time.monotonic() + 5
    while alive(child) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive(child)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as handle:
            return handle.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
