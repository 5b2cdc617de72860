"""Odoo's own tests with our addons installed, and migration from an earlier state of the addons."""

import re
import shutil
import subprocess

from . import databases, postgres, testing
from .paths import ADDONS, ROOT, WORK, setting
from .say import Stop, line, step
from .source import addons_path, find

MODULES = ("stock_dropshipping", "sale_purchase_stock", "purchase_stock", "sale_stock", "website_sale_stock")
KNOWN = ROOT / "tests" / "core_known_failures.txt"


def test_core(args):
    """test-core [MODULE...] - BASELINE=1 runs them on plain core and records what fails there"""
    postgres.start()
    baseline = setting("BASELINE") not in ("", "0")
    folders = [find() / "odoo" / "addons" / module / "tests" for module in args or MODULES]
    layer = "core" if baseline else "bare"
    with testing.fresh(layer) as database:
        result = testing.group(
            f"core-on-{layer}",
            testing.odoo_pytest_command(database, "--import-mode=prepend", *folders),
            skips="",
        )
    failed = {short(note) for note in result.notes if "failed: " in note}
    if baseline:
        head = "# Tests of Odoo's own which fail on plain core the way we run them (make test-core BASELINE=1).\n"
        KNOWN.write_text(head + "".join(f"{name}\n" for name in sorted(failed)), encoding="utf-8")
        line(f"{len(failed)} failures of plain core recorded in {KNOWN}.")
        return 0
    known = known_failures()
    for name in sorted(failed & known):
        line(f"known to fail in plain core: {name}")
    for note in result.notes:
        if "failed: " not in note:
            line(note)
    new = sorted(failed - known)
    for name in new:
        line(f"FAILED only with our addons: {name}")
    print(f"{result.passed} passed, {len(new)} failed, {len(failed & known)} known from plain core", flush=True)
    return 1 if new or not result.passed else 0


def short(note):
    """Name of a failed test from its module on, the same wherever Odoo lies."""
    return re.sub(r"^.*\baddons\.", "", note.split("failed: ", 1)[1])


def known_failures():
    lines = KNOWN.read_text(encoding="utf-8").splitlines() if KNOWN.exists() else []
    return {entry for entry in lines if entry and not entry.startswith("#")}


def upgrade_test(_args):
    """upgrade-test - install the addons as of FROM with demo data, then migrate to this tree"""
    postgres.start()
    revision = setting("FROM") or git("describe", "--tags", "--abbrev=0") or git("rev-parse", "HEAD")
    if not revision:
        raise Stop("There is no earlier state to migrate from: commit first, or name one as in FROM=19.0.1.0.0.")
    old = WORK / "upgrade"
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", revision, *ADDONS], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        raise Stop(f"{revision} is no state of this repository which has the addons: name another with FROM=.",
                   archive.stderr.decode())
    subprocess.run(["tar", "-x", "-C", old], input=archive.stdout, check=True)
    database = "upgrade_test"
    databases.drop(database)
    databases.copy(databases.template("core"), database)
    databases.allow_demo(database)
    paths = ",".join(map(str, [old, *addons_path(find())[1:]]))
    try:
        with step(f"Installing the addons as of {revision}"):
            databases.odoo(database, "-i", ",".join(ADDONS), "--with-demo", f"--addons-path={paths}", log="upgrade-old")
        databases.migrate(database)
        return testing.group("upgrade", testing.odoo_pytest_command(database, ROOT / ADDONS[0] / "tests")).print()
    finally:
        databases.drop(database)
        shutil.rmtree(old, ignore_errors=True)


def git(*args):
    done = subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


