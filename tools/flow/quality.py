"""Lint, translations, measurements, long runs."""

import os
import subprocess

import polib

from . import postgres, testing
from .paths import ADDONS, LOGS, PYTHON, ROOT, setting
from .say import Stop, line, step
from .server import odoo_command

LANGUAGES = ("zh_CN",)
LIVES = (
    ("dropship_flow", "test_settlement_random.py"),
    ("dropship_flow_aftersales", "test_cases_random.py"),
    ("dropship_flow_reports", "test_profit_business.py"),
)


def lint(_args):
    """lint - ruff (rules and format of imports), pylint-odoo with OCA's mandatory checks"""
    bad = subprocess.run([PYTHON, "-m", "ruff", "check", "."], cwd=ROOT, check=False).returncode
    command = [PYTHON, "-m", "pylint", f"--rcfile={ROOT / '.pylintrc'}", *ADDONS]
    bad |= subprocess.run(command, cwd=ROOT, check=False).returncode
    line("Lint: something to mend, see above." if bad else "Lint: nothing to mend.")
    return 1 if bad else 0


def bench(args):
    """bench [FILE...] - every tests/benchmarks/bench_*.py, one after the other"""
    postgres.start()
    files = args or sorted((ROOT / "tests" / "benchmarks").glob("bench_*.py"))
    if not files:
        raise Stop("There is nothing to measure: tests/benchmarks has no bench_*.py.")
    bad = 0
    for file in files:
        line(f"\n== {file} ==")
        bad |= subprocess.run([PYTHON, file], cwd=ROOT, check=False).returncode
    return 1 if bad else 0


def soak(_args):
    """soak - the tests that grow with SOAK=1 at full length: the engine against brute force, many processes, lives;
    screens in all their languages"""
    testing.browser()
    postgres.start()
    os.environ["SOAK"] = "1"
    folders = [ROOT / "tests" / name for name in ("routing", "faults", "browser")]
    total = testing.group("soak", testing.pure_command(*folders))
    for addon, name in LIVES:
        lives = ROOT / addon / "tests" / name
        with testing.fresh("demo", "soak") as database:
            total.add(testing.group(f"soak-lives-{addon}", testing.odoo_pytest_command(database, lives)))
    return total.print()


def i18n(_args):
    """i18n - export the terms of each addon, merge them into its languages; CHECK=1 only reports"""
    postgres.start()
    missing = 0
    with testing.fresh("bare") as database:
        for addon in ADDONS:
            missing += renew(addon, database)
    if setting("CHECK") not in ("", "0"):
        line(f"{missing} untranslated or outdated terms.")
        return 1 if missing else 0
    return 0


def renew(addon, database):
    """Number of terms of one addon that lack a translation."""
    folder = ROOT / addon / "i18n"
    template = LOGS / f"{addon}.pot"
    command = odoo_command("i18n", "export", "-d", database, "-o", template, addon)
    template.unlink(missing_ok=True)
    with step(f"Exporting the terms of {addon}"):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not template.exists():
        raise Stop(f"The terms of {addon} could not be exported; the reason is above.", done.stdout + done.stderr)
    terms, missing = polib.pofile(str(template)), 0
    check = setting("CHECK") not in ("", "0")
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        catalog = polib.pofile(str(path)) if path.exists() else empty(terms, language)
        catalog.merge(terms)
        for entry in catalog.obsolete_entries():
            catalog.remove(entry)
        open_terms = [entry for entry in catalog if not entry.translated()]
        line(f"  {addon} {language}: {len(catalog) - len(open_terms)} of {len(catalog)} terms translated")
        for entry in open_terms if check else ():
            line(f"    {entry.msgid!r}")
        missing += len(open_terms)
        if not check:
            folder.mkdir(exist_ok=True)
            catalog.save(str(path))
    if not check:
        for volatile in ("POT-Creation-Date", "PO-Revision-Date"):
            terms.metadata.pop(volatile, None)
        terms.save(str(folder / f"{addon}.pot"))
    return missing


def empty(terms, language):
    catalog = polib.POFile()
    catalog.metadata = {
        **{key: value for key, value in terms.metadata.items() if "Date" not in key},
        "Language": language,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalog
