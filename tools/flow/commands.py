"""The commands behind the scripts in tools/ and the targets of the Makefile."""

import os

from . import core_tests, databases, postgres, quality, serve, testing
from .paths import PYTHON, setting
from .say import Stop, line
from .server import odoo_command


def newdb(args):
    """newdb NAME [core|bare|demo|mrp] - a fresh database as a copy of a template"""
    if not 1 <= len(args) <= 2:
        raise Stop("Say which database: tools/newdb NAME [core|bare|demo|mrp].")
    postgres.start()
    databases.new(*args)
    return 0


def dropdb(args):
    """dropdb NAME... - remove databases with their files"""
    postgres.start()
    for name in args:
        databases.drop(name)
    return 0


def odoo(args):
    """odoo ARGS... - Odoo itself, with the right addons path and database server"""
    postgres.start()
    return hand_over(odoo_command(*args))


def shell(args):
    """shell - Odoo's Python shell on database DB"""
    postgres.start()
    return hand_over(odoo_command("shell", "-d", setting("DB", "dropship"), "--no-http", *args))


def pg(args):
    """pg start|stop|status|env|psql ... - the database server"""
    action = args[0] if args else "status"
    if action == "start":
        postgres.start()
    elif action == "stop":
        postgres.stop()
    elif action == "env":
        for name, value in postgres.environment().items():
            print(f"export {name}={value}")
        return 0
    elif action == "psql":
        postgres.start()
        return hand_over(["psql", *args[1:]])
    elif action != "status":
        raise Stop("Say what to do: tools/pg start, stop, status, env or psql.")
    where = "a server named by PG* variables" if postgres.external() else f"socket {os.environ['PGHOST']}"
    line(f"PostgreSQL: {'running' if postgres.external() or postgres.running() else 'stopped'}, {where}")
    return 0


def python(args):
    """python ARGS... - Python of the virtual environment, Odoo importable"""
    return hand_over([str(PYTHON), *args])


def pytest(args):
    """pytest ARGS... - tests by path; see flow.testing"""
    return testing.ad_hoc(args)


def test(_args):
    """test - everything"""
    return testing.everything()


def hand_over(command):
    """Become `command`."""
    os.execvp(command[0], command)


COMMANDS = {
    **{function.__name__: function for function in (newdb, dropdb, odoo, shell, pg, python, pytest, test)},
    **{name: getattr(quality, name) for name in ("lint", "bench", "soak", "i18n")},
    "run": serve.run,
    "test-core": core_tests.test_core,
    "upgrade-test": core_tests.upgrade_test,
}


def run(argv):
    if not argv or argv[0] not in COMMANDS:
        raise Stop(f"There is no command {' '.join(argv[:1])!r}: see make help.")
    return COMMANDS[argv[0]](argv[1:]) or 0
