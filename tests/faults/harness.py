"""Many processes on one database, as many workers of a live system are.

Nothing here uses Odoo's test cases: their single cursor cannot show what two transactions do to each other. Every job
runs in a forked process with its own connection and its own transaction, all starting at the same instant.
"""

import contextlib
import json
import os
import random
import select
import signal
import sys
import time
import traceback
from functools import partial
from typing import Any, NamedTuple

import pytest

from flow import databases, postgres
from flow.paths import CONF

WORKERS = 8
# How often a person presses who is told that somebody else is at it.
PRESSES = 3
# Stock of an offer that no number of rounds uses up.
PLENTY = 1e6
# Seconds a set of processes may take before it counts as stuck.
TIMEOUT = 120


def rounds(few, soak=50):
    """How often a race is repeated: `few` in `make test`, `soak` with SOAK=1."""
    return soak if os.environ.get("SOAK", "") not in ("", "0") else few


class Answer(NamedTuple):
    """How a process ended."""

    value: Any = None
    error: str = ""  # class of the exception that reached the caller
    message: str = ""
    killed: bool = False

    @property
    def fine(self):
        return not self.error and not self.killed


def configure(database):
    """Odoo is told the database, and the server that the environment names now.

    :return: the name of the database it was told before
    """
    from odoo.tools import config  # noqa: PLC0415 - Odoo is imported when its settings are known

    before = config["db_name"]
    if (before, config["db_host"]) != ([database], os.environ.get("PGHOST", "")):
        # FAULTS_LOG=error shows every collision: Odoo logs the query that lost.
        level = os.environ.get("FAULTS_LOG", "critical")
        arguments = ["-c", str(CONF), "-d", database, "--no-http", "--max-cron-threads=0", f"--log-level={level}"]
        config.parse_config(arguments, setup_logging=True)
    return before[0] if before else None


class Shop:
    """A database with the hero world of the flow tests, opened in this process."""

    def __init__(self, database):
        self.database = database
        postgres.start()
        os.environ.update(postgres.environment())
        configure(database)
        from odoo.modules.registry import Registry  # noqa: PLC0415

        self.registry = Registry(database)

    def close(self):
        import odoo.sql_db  # noqa: PLC0415
        from odoo.modules.registry import Registry  # noqa: PLC0415

        Registry.delete(self.database)
        odoo.sql_db.close_db(self.database)

    @property
    def made(self):
        """Name of the database that keeps the world as it was made."""
        return f"{self.database}_made"

    def keep(self):
        """Set the world aside as it is now, for `renew`."""
        self._disconnect()
        databases.drop(self.made)
        databases.copy(self.database, self.made)

    def renew(self):
        """The world as `keep` saw it, under the same name: Odoo's classes are loaded once, what they remember goes."""
        configure(self.database)
        self._disconnect()
        databases.drop(self.database)
        databases.copy(self.made, self.database)
        self.registry.clear_all_caches()
        self.registry.setup_signaling()

    @staticmethod
    def _disconnect():
        import odoo.sql_db  # noqa: PLC0415

        odoo.sql_db.close_all()

    @contextlib.contextmanager
    def env(self, user_id=1, **context):
        """One committed transaction in this process."""
        with self.registry.cursor() as cr:
            yield environment(cr, user_id, **context)

    @contextlib.contextmanager
    def world(self):
        """The factories of the flow tests on committed data; what the hero world made is found by name."""
        from odoo.addons.dropship_flow.tests.common_flow import FlowFactories  # noqa: PLC0415

        with self.env() as env:
            company = env["res.company"].search([("name", "=", "Lumen & Leaf")])
            env = env(context=dict(env.context, allowed_company_ids=company.ids or [1], tracking_disable=True))
            world = type("World", (FlowFactories,), {"env": env, "company": company})
            if company:
                world.tax = env["account.tax"].search([("name", "=", "19 %"), ("company_id", "=", company.id)], limit=1)
                world.anna = env["res.partner"].search([("name", "=", "Anna Weber")])
                for name in ("Lamp", "Stand", "Cable"):
                    product = env["product.product"].search([("name", "=", name)], order="id", limit=1)
                    setattr(world, name.lower(), product)
                world.policy = env["dropship.routing.policy"].search(
                    [("name", "=", "Test"), ("company_id", "=", company.id)]
                )
                world.suppliers = {row.name: row for row in env["dropship.supplier"].search([], order="id desc")}
                world.offers = {(row.supplier_id.name, row.product_id): row for row in env["dropship.offer"].search([])}
            yield world

    def user(self, login):
        return self.sql("SELECT id FROM res_users WHERE login = %s", login)[0][0]

    def sql(self, query, *params):
        """Rows of a query on a connection of its own, past every cache of Odoo."""
        with databases.cursor(self.database) as cr:
            cr.execute(query, params or None)
            return cr.fetchall() if cr.description else []

    # ------------------------------------------------------------------
    # Processes
    # ------------------------------------------------------------------

    def together(self, *jobs, setup=None, timeout=TIMEOUT):
        """Run each job in a process of its own, all started at the same instant.

        :param jobs: what `retried`, `rpc` or `plain` made
        :param setup: called in each process first, e.g. to break something there; gets the job's number
        :return: [Answer] in the order of the jobs
        """
        import odoo.sql_db  # noqa: PLC0415

        # No process may inherit a connection: closing it would end the parent's session as well.
        odoo.sql_db.close_all()
        sys.stdout.flush()
        sys.stderr.flush()
        start_at = time.time() + 0.15 + 0.03 * len(jobs)
        children = []
        for number, job in enumerate(jobs):
            reading, writing = os.pipe()
            pid = os.fork()
            if not pid:
                os.close(reading)
                for _pid, other in children:
                    os.close(other)
                self._child(job, number, setup, start_at, writing)
            os.close(writing)
            children.append((pid, reading))
        return self._collect(children, timeout)

    def alone(self, job, setup=None, timeout=TIMEOUT):
        return self.together(job, setup=setup, timeout=timeout)[0]

    def _child(self, job, number, setup, start_at, writing):
        """The life of a process; never returns."""
        try:
            import odoo.sql_db  # noqa: PLC0415

            odoo.sql_db.close_all()
            random.seed(f"{start_at} {number}")
            retry_soon()
            if setup:
                setup(number)
            with self.registry.cursor() as cr:
                time.sleep(max(start_at - time.time(), 0))
                answer = [job(cr), "", ""]
        except BaseException as error:
            answer = [None, type(error).__name__, str(error) or traceback.format_exc()]
            if os.environ.get("FAULTS_TRACE"):
                traceback.print_exc()
        with contextlib.suppress(BaseException):
            os.write(writing, json.dumps(answer, default=str).encode())
        os._exit(0)

    def _collect(self, children, timeout):
        until = time.monotonic() + timeout
        texts = {reading: b"" for _pid, reading in children}
        opened = set(texts)
        while opened and time.monotonic() < until:
            ready, _writable, _odd = select.select(list(opened), [], [], 0.5)
            for reading in ready:
                chunk = os.read(reading, 65536)
                texts[reading] += chunk
                if not chunk:
                    opened.discard(reading)
        answers = []
        for pid, reading in children:
            if reading in opened:
                os.kill(pid, signal.SIGKILL)
            _pid, status = os.waitpid(pid, 0)
            os.close(reading)
            if os.WIFSIGNALED(status):
                answers.append(Answer(killed=True, error="" if reading not in opened else "Stuck"))
            else:
                answers.append(Answer(*json.loads(texts[reading])))
        assert not opened, f"{len(opened)} of {len(children)} processes did not end within {timeout} s"
        return answers


def environment(cr, user_id=1, **context):
    import odoo.api  # noqa: PLC0415

    return odoo.api.Environment(cr, user_id, {"lang": "en_US", "tz": "Europe/Berlin", **context})


def retried(work, user_id=1, **context):
    """`work(env)` as a request does it: repeated by Odoo when transactions collide, then committed.

    Odoo gives up after five times; a person told so presses again, and again.
    """

    def job(cr):
        from odoo.exceptions import ConcurrencyError  # noqa: PLC0415
        from odoo.service.model import retrying  # noqa: PLC0415
        from psycopg2.errors import SerializationFailure  # noqa: PLC0415

        for again in reversed(range(PRESSES)):
            env = environment(cr, user_id, **context)
            try:
                return retrying(partial(work, env), env)
            except (ConcurrencyError, SerializationFailure):
                if not again:
                    raise
                cr.rollback()

    return job


def rpc(user_id, model, method, *args, **kwargs):
    """A call from outside, exactly as the external API runs it."""

    def job(cr):
        from odoo.service.model import execute_cr  # noqa: PLC0415

        return execute_cr(cr, user_id, model, method, list(args), kwargs)

    return job


def cron(xmlid):
    """A scheduled action, as the scheduler runs it: never repeated, commits by itself."""

    def job(cr):
        env = environment(cr)
        action = env.ref(xmlid)
        model = env[action.model_id.model].with_context(cron_id=action.id)
        try:
            getattr(model, action.code.split(".")[1].rstrip("()"))()
            cr.commit()
        except BaseException:
            cr.rollback()
            raise

    return job


def retry_soon():
    """Odoo waits up to 2 ** n seconds before it repeats; a tenth of it makes the race harder and the test shorter."""
    import odoo.service.model  # noqa: PLC0415

    class Hurry:
        @staticmethod
        def uniform(low, high):
            return random.uniform(low, high / 10)

    odoo.service.model.random = Hurry


def on_query(action):
    """Call `action(number, text)` before every query of this process; a true answer leaves the query out."""
    from odoo.sql_db import Cursor  # noqa: PLC0415

    real, count = Cursor.execute, [0]

    def execute(cursor, query, params=None, *args, **kwargs):
        count[0] += 1
        text = query.code if hasattr(query, "code") else str(query)
        if action(count[0], text):
            return None
        return real(cursor, query, params, *args, **kwargs)

    Cursor.execute = execute
    return count


def die():
    """End as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(number):
    """For `setup`: the process dies before its query `number`."""

    def setup(_job):
        on_query(lambda count, _text: die() if count == number else None)

    return setup


@pytest.fixture(scope="session")
def furnished():
    """A shop whose world is made once: every file of tests goes on from a copy of it, kept as `<database>_made`."""
    postgres.start()
    name = f"faults_{os.getpid()}"
    databases.new(name, "bare")
    shop = Shop(name)
    furnish(shop)
    shop.keep()
    yield shop
    shop.close()
    for database in (name, shop.made):
        databases.drop(database)


@pytest.fixture(scope="module")
def shop(furnished):
    """The hero world in a fresh database, for one file of tests."""
    furnished.renew()
    return furnished


def furnish(shop):
    """The hero world, offers that do not run out, and two people: one of the desk and one who buys."""
    with shop.world() as world:
        world.make_hero()
        world.make_policy("buy")
        world.company.dropship_customs_check = "off"  # goods of the tests have no tariff number
        for offer in world.offers.values():
            offer.stock = PLENTY
        groups = ["sales_team.group_sale_salesman_all_leads"]
        for role, more in (("user", []), ("buyer", ["purchase.group_purchase_manager"])):
            login = world.make_login(role, company=world.company, login=role)
            login.group_ids |= login.group_ids.union(*(world.env.ref(group) for group in groups + more))
