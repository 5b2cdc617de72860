"""A PostgreSQL server of a test's own, which it may crash as it likes."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from harness import Shop, configure

from flow import databases, postgres

PORT = "54777"
SLOTS = 40
# What is committed outlives the crash of the server, as it must in a live system; that of the machine is not tried.
SETTINGS = f"""
listen_addresses = ''
max_connections = {SLOTS}
superuser_reserved_connections = 3
synchronous_commit = on
fsync = off
jit = off
autovacuum_naptime = 5min
"""


class Cluster:
    """Use it as a context: inside, everything that names no server talks to this one."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="flow-pg-"))
        self.data = self.folder / "data"
        self.environment = {"PGHOST": str(self.folder), "PGPORT": PORT, "PGUSER": "odoo"}
        self.restarts = 0

    def __enter__(self):
        postgres.make_folder(self.folder)
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as handle:
            handle.write(SETTINGS)
        options = f"-k {self.folder} -p {PORT}"
        self._run("pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options)
        command = "CREATE ROLE odoo LOGIN CREATEDB"
        self._run("psql", "-h", self.folder, "-p", PORT, "-U", "postgres", "-d", "postgres", "-qc", command)
        self.before = {name: os.environ.get(name) for name in self.environment}
        os.environ.update(self.environment)
        return self

    def __exit__(self, *_error):
        for name, value in self.before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        with contextlib.suppress(AssertionError):
            self._run("pg_ctl", "stop", "-m", "immediate", "-w", "-D", self.data)
        shutil.rmtree(self.folder)

    def _run(self, program, *arguments):
        code, text = postgres.execute(postgres.programs() / program, *arguments)
        assert not code, text

    def crash(self, _chance=None):
        """Down without a goodbye, and up again: every connection is lost, what was not committed as well."""
        self._run("pg_ctl", "restart", "-m", "immediate", "-w", "-D", self.data)
        self.restarts += 1
        return "restarted"

    def fetch(self, source, target):
        """Copy a database of the other server into this one."""
        databases.check_name(target)
        there = {**os.environ, **{name: value for name, value in self.before.items() if value is not None}}
        programs = postgres.programs()
        with databases.cursor() as cr:
            cr.execute(f'CREATE DATABASE "{target}"')
        dump = subprocess.Popen([programs / "pg_dump", "--no-owner", source], env=there, stdout=subprocess.PIPE)
        load = [programs / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-d", target]
        subprocess.run(load, stdin=dump.stdout, check=True)
        dump.stdout.close()
        assert not dump.wait()
        if databases.filestore(source).is_dir():
            shutil.copytree(databases.filestore(source), databases.filestore(target), copy_function=os.link)


@pytest.fixture
def fragile(furnished):
    """A shop on a PostgreSQL server of its own: (cluster, shop)."""
    import odoo.sql_db  # noqa: PLC0415 - Odoo is imported when its settings are known

    source, name = furnished.made, f"faults_{os.getpid()}_fragile"
    with Cluster() as cluster:
        odoo.sql_db.close_all()
        cluster.fetch(source, name)
        before = configure(name)
        shop = Shop(name)
        yield cluster, shop
        shop.close()
        odoo.sql_db.close_all()
        shutil.rmtree(databases.filestore(name), ignore_errors=True)
    if before:  # shops of the other server go on
        configure(before)
