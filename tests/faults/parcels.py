"""Parcels, what is told of them, and the workers that carry it."""

import json
import os
import random
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta

from harness import environment, retried

from flow.paths import ROOT

SECRET = "a secret of the tests"
# The same ten events for a parcel, whatever the seed: only how they arrive differs.
WALK = ("info_received", "picked_up", "in_transit", "in_transit", "customs", "customs", "in_transit",
        "out_for_delivery", "attempt_failed")  # fmt: skip
ENDS = ("delivered", "available_for_pickup", "returning", "exception")
BEGIN = datetime.utcnow().replace(second=0, microsecond=0) - timedelta(days=12)


def account(shop, kind="webhook", **vals):
    """Id of a new account at a tracking service; the accounts before it rest."""
    with shop.env() as env:
        env["dropship.connection"].search([("is_tracking", "=", True)]).active = False
        company = env["res.company"].search([("name", "=", "Lumen & Leaf")])
        values = {"name": kind, "kind": kind, "push_secret": SECRET, "company_id": company.id, "rate": 10_000.0}
        if kind == "simulated":
            values |= {"endpoint": "http://127.0.0.1:9", "private_allowed": True}
        return env["dropship.connection"].create({**values, **vals}).id


def boxes(env, numbers, **vals):
    """Parcels under these numbers."""
    company = env["res.company"].search([("name", "=", "Lumen & Leaf")])
    rows = [
        {"number": number, "carrier_code": "dhl", "company_id": company.id, "announced_at": BEGIN, **vals}
        for number in numbers
    ]
    return env["dropship.shipment"].create(rows)


def events(parcel):
    """What happens to the parcel with this number in the row."""
    rng = random.Random(parcel)
    rows = []
    for step, code in enumerate([*WALK, ENDS[parcel % len(ENDS)]]):
        at = BEGIN + timedelta(hours=26 * step + rng.randrange(8), minutes=rng.randrange(60))
        rows.append({"time": f"{at.isoformat()}Z", "code": code, "place": f"Depot {step}", "text": f"Step {step}"})
    return rows


def deliveries(seed, count=100):
    """Bodies of pushes: each event one to five times, sometimes exactly as before, in any order."""
    rng = random.Random(f"deliveries {seed}")
    bodies = []
    for parcel in range(count):
        for event in events(parcel):
            for again in range(rng.randint(1, 5)):
                data = {"number": number(seed, parcel), "carrier": "dhl", "events": [event]}
                if again and rng.random() < 0.5:
                    data["delivery"] = again
                bodies.append(json.dumps(data).encode())
    rng.shuffle(bodies)
    return bodies


def number(seed, parcel):
    return f"S{seed}N{parcel:03}"


def sending(connection_id, bodies):
    """A process of the web server that keeps pushes, one transaction each."""

    def job(cr):
        for body in bodies:

            def work(env, body=body):
                connection = env["dropship.connection"].browse(connection_id)
                env["dropship.inbox"]._store(connection, body, {"content-type": "application/json"}, {})

            retried(work)(cr)

    return job


def appearing(numbers):
    """Parcels that are entered while news of them arrives."""

    def job(cr):
        for one in numbers:
            retried(lambda env, one=one: boxes(env, [one]).id)(cr)

    return job


def reading(seconds=20.0, linger=1.0):
    """A worker that reads pushes, as the scheduler runs it."""

    def job(cr):
        environment(cr)["dropship.inbox"]._cron_process(seconds, linger)
        cr.commit()

    return job


def following(seconds=20.0):
    """A worker that registers and asks."""

    def job(cr):
        environment(cr)["dropship.watch"]._cron_track(seconds)
        cr.commit()

    return job


def dying(name):
    def setup(_job):
        os.environ["DROPSHIP_FAILPOINT"] = name

    return setup


def time_passes(shop, hours=3):
    """Waits and leases run out."""
    shop.sql("UPDATE dropship_inbox SET lease_until = lease_until - interval '1 hour', next_try = NULL "
             "WHERE state IN ('ready', 'sending')")  # fmt: skip
    shop.sql("UPDATE dropship_watch SET lease_until = NULL, next_try = next_try - make_interval(hours => %s), "
             "asked_at = asked_at - make_interval(hours => %s) WHERE state IN ('to_register', 'watched')",
             hours, hours)  # fmt: skip
    shop.sql("UPDATE dropship_connection SET paused_until = NULL, tokens = 1000000")


def settle(shop, workers=2):
    """Read until nothing waits."""
    for _round in range(10):
        time_passes(shop, 0)
        answers = shop.together(*[reading(linger=0.3)] * workers)
        assert all(answer.fine for answer in answers), answers
        if not shop.sql("SELECT 1 FROM dropship_inbox WHERE state IN ('ready', 'sending')"):
            return
    raise AssertionError(shop.sql("SELECT state, error, stops FROM dropship_inbox WHERE state <> 'processed'"))


@contextmanager
def carrier(ledger, push_to="", **options):
    """A running simulated carrier: its address. Options without a value are given as True."""
    words = []
    for name, value in options.items():
        words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator.carrier", "--ledger", str(ledger), *words],
        cwd=ROOT / "dropship_flow",
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "dropship_flow"),
            "SIMULATOR_PUSH_TO": push_to,
            "SIMULATOR_PUSH_SECRET": SECRET,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def facts(ledger, kind):
    with open(ledger, encoding="utf-8") as handle:
        return [fact for fact in map(json.loads, handle) if fact["fact"] == kind]
