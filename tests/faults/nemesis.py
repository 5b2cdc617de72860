"""A live system at work while somebody breaks it: programs that order, what is done to the system, the quiet after.

The schedule follows from a seed, which is printed; FAULTS_SEED=n runs it again.
"""

import contextlib
import json
import os
import random
import signal
import threading
import time
import urllib.request
from collections import Counter
from http.client import HTTPException

from harness import rounds
from suppliers import time_passes, unfinished
from work import told

from flow import databases

BASKET = ("LAMP", "STAND", "CABLE")
# Seconds a program waits for an answer before it asks again.
PATIENCE = 20
# Seconds a live system may need for what was left lying when the trouble ended.
RECOVERY = rounds(300, 900)
# A worker that lives is done with what it took in so many seconds, on a slow machine too.
HELD = 30


def chosen_seed():
    seed = int(os.environ.get("FAULTS_SEED") or random.randrange(10**6))
    print(f"seed {seed}: FAULTS_SEED={seed} repeats the schedule")
    return seed


class Programs:
    """Shops' programs that enter orders one after the other and repeat each under its key until they have an answer."""

    def __init__(self, shop, url, many=3, pause=0.05):
        self.url, self.database, self.pause = f"{url}/jsonrpc", shop.database, pause
        self.login = (shop.user("user"), "userxxxx")
        self.done, self.failures, self.error = [], Counter(), None
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self._work, args=(number,)) for number in range(many)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        """What was begun is brought to its end."""
        self.over.set()
        for thread in self.threads:
            thread.join()
        if self.error:
            raise self.error

    def _work(self, program):
        number = 0
        try:
            while not self.over.wait(self.pause):
                number += 1
                self._enter(f"N{program}-{number}")
        except Exception as error:
            self.error = error

    def _enter(self, number):
        until = time.monotonic() + RECOVERY
        while time.monotonic() < until:
            try:
                answer = self._call(number)
            except (OSError, HTTPException, ValueError, RuntimeError) as error:
                self.failures[type(error).__name__] += 1
                time.sleep(0.2)
                continue
            if answer["http_status"] == 200:
                self.done.append(number)
                return
            assert answer["http_status"] in (409, 429, 503), answer  # the first try is still at work; come again
            time.sleep(0.2)
        raise AssertionError(f"{number} got no answer in {RECOVERY} s")

    def _call(self, number):
        """One request; RuntimeError when Odoo says that something broke."""
        values = {"orders": [told(number, BASKET)], "idempotency_key": number}
        user_id, password = self.login
        call = [self.database, user_id, password, "sale.order", "api_create_orders", [], values]
        params = {"service": "object", "method": "execute_kw", "args": call}
        body = {"jsonrpc": "2.0", "method": "call", "params": params}
        request = urllib.request.Request(self.url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            answer = json.loads(answer.read())
        if "error" in answer:
            raise RuntimeError(answer["error"]["data"]["name"])
        return answer["result"]


class Nemesis(threading.Thread):
    """Does each of `acts` once and then one after the other, at moments and in an order that follow from the seed."""

    def __init__(self, seed, acts, every):
        super().__init__()
        self.random, self.acts, self.every = random.Random(seed), acts, every
        self.done, self.over = Counter(), threading.Event()
        self.error = None

    def run(self):
        try:
            coming = self.random.sample(self.acts, len(self.acts))
            while not self.over.wait(self.random.uniform(*self.every)):
                act = coming.pop() if coming else self.random.choice(self.acts)
                self.done[act(self.random)] += 1
        except Exception as error:
            self.error = error

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        self.join()
        if self.error:
            raise self.error


class ServiceManager(threading.Thread):
    """Starts Odoo again when it ended, as the system's service manager does.

    Odoo's own master process replaces workers that died, but gives up itself when it cannot reach the database then.
    """

    def __init__(self, server):
        super().__init__()
        self.server, self.over, self.started = server, threading.Event(), 0

    def run(self):
        while not self.over.wait(0.5):
            if self.server.process.poll() is not None:
                self.server.spawn()
                self.started += 1

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_error):
        self.over.set()
        self.join()


def workers(server):
    """Process ids of the workers of a server we started."""
    with open(f"/proc/{server.process.pid}/task/{server.process.pid}/children", encoding="ascii") as handle:
        return sorted(int(pid) for pid in handle.read().split())


def kill_one(server):
    def act(chance):
        with contextlib.suppress(IndexError, ProcessLookupError):
            os.kill(chance.choice(workers(server)), signal.SIGKILL)
        return "killed"

    return act


def freeze_one(server, longest=2.0):
    """A worker stands still for a while, as on a machine that swaps, and then goes on as if nothing were."""

    def act(chance):
        with contextlib.suppress(IndexError, ProcessLookupError):
            pid = chance.choice(workers(server))
            os.kill(pid, signal.SIGSTOP)
            try:
                time.sleep(chance.uniform(0.2, longest))
            finally:
                os.kill(pid, signal.SIGCONT)
        return "frozen"

    return act


def wake(shop):
    """Call the relays, as their next minute would."""
    shop.sql(
        "INSERT INTO ir_cron_trigger (cron_id, call_at) SELECT id, now() AT TIME ZONE 'utc' FROM ir_cron "
        "WHERE active AND cron_name LIKE 'Dropshipping: messages%%'"
    )
    with databases.cursor() as cr:
        cr.execute("SELECT pg_notify('cron_trigger', %s)", [shop.database])


def only_ours(shop):
    """Core's own scheduled actions have their first run another day."""
    shop.sql(
        "UPDATE ir_cron SET nextcall = now() + interval '7 days' WHERE id NOT IN "
        "(SELECT res_id FROM ir_model_data WHERE model = 'ir.cron' AND module LIKE 'dropship%%')"
    )


def recover(shop, hurry):
    """Wait until nothing is left to do. In a hurry, time is moved on instead of waited for.

    :return: seconds it took
    """
    began = time.monotonic()
    while unfinished(shop):
        assert time.monotonic() - began < RECOVERY, shop.sql(
            "SELECT state, kind, error, attempts, count(*) FROM dropship_exchange GROUP BY 1, 2, 3, 4"
        )
        if hurry:
            time_passes(shop, held=HELD)
            wake(shop)
        time.sleep(1.0)
    return time.monotonic() - began
