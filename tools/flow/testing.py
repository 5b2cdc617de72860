"""Running tests: pytest for everything, with Odoo loaded where the tests need it.

Groups of `make test`:
pure - what needs no Odoo: every other folder under tests/, one for each pure package
addons - tests of the three addons, in four parts, each in a copy of the demo template
kits - files test_mrp*.py and test_kit*.py of the addons, in a copy of the mrp template
whole - what starts Odoo itself: faults, life cycle, and the screens in two parts
A story on the screen is told in one language (QUICK=1), in both when its file is run alone and by `make soak`.
Two cores, two programs: whoever is through with a group takes the next. What needs a template waits for it.
"""

import os
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from . import databases, debian, postgres
from .paths import ADDONS, CONF, LOGS, PYTHON, ROOT, setting
from .say import Stop, line

ADDON_PARTS = 4
KIT_FILES = ("test_mrp*.py", "test_kit*.py")
WHOLE = ("lifecycle", "scenarios", "faults", "browser")
# A test may only be skipped for a reason that begins so; every other skip counts as failed.
ALLOWED_SKIP = "opt-in:"


@dataclass
class Result:
    passed: int = 0
    failed: int = 0
    notes: list = field(default_factory=list)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.notes += other.notes

    def print(self):
        for note in self.notes:
            line(note)
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


def browser():
    debian.programs(
        {
            "chromium": "chromium",
            "wkhtmltopdf": "wkhtmltopdf",
            "fonts-noto-cjk": "/usr/share/fonts/opentype/noto",
        },
        "Tests need Chromium, Chinese fonts and wkhtmltopdf: a paid order is confirmed with its PDF.",
    )


def is_addon_path(argument):
    path = Path(argument.split("::")[0])
    path = path.absolute()
    return path.exists() and any((folder / "__manifest__.py").is_file() for folder in (path, *path.parents))


def pytest_command(*args):
    return [str(PYTHON), "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT), *map(str, args)]


def pure_command(*args):
    return pytest_command("-p", "no:odoo", *args)


def odoo_pytest_command(database, *args):
    return pytest_command(
        f"--odoo-config={CONF}", f"--odoo-database={database}", "--odoo-http", "--odoo-log-level=error", *args
    )


def ad_hoc(args):
    """pytest ARGS... - one file or more; addon tests run in a fresh copy of TEMPLATE (demo), or in database DB"""
    postgres.start()
    if not any(is_addon_path(arg) for arg in args):
        return subprocess.run(pure_command(*args), check=False).returncode
    database = setting("DB")
    if database:
        return subprocess.run(odoo_pytest_command(database, *args), check=False).returncode
    kits = any(Path(arg.split("::")[0]).match(pattern) for arg in args for pattern in KIT_FILES)
    with fresh(setting("TEMPLATE", "mrp" if kits else "demo")) as database:
        return subprocess.run(odoo_pytest_command(database, *args), check=False).returncode


class fresh:
    """A database for one run of tests, dropped afterwards (KEEP=1 keeps it)."""

    def __init__(self, layer, part=""):
        self.layer = layer
        self.name = "_".join(filter(None, ("test", layer, part.replace("-", "_"), str(os.getpid()))))

    def __enter__(self):
        return databases.new(self.name, self.layer)

    def __exit__(self, *exc):
        if setting("KEEP"):
            line(f"Database {self.name} is kept.")
        else:
            databases.drop(self.name)


def addon_tests():
    """Test files of the addons, as (ordinary, kits)."""
    files = sorted(path for addon in ADDONS for path in (ROOT / addon).rglob("tests/test_*.py"))
    kits = [path for path in files if any(path.match(pattern) for pattern in KIT_FILES)]
    return [path for path in files if path not in kits], kits


def group(name, command, skips=ALLOWED_SKIP, output=None):
    """Run one pytest with its report kept; nothing collected and skips without the reason `skips` count as failures.

    :param output: an open file that takes what pytest prints; None: the terminal
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    report = LOGS / f"tests-{name}.xml"
    report.unlink(missing_ok=True)
    line(f"\n== {name} ==")
    start = time.monotonic()
    command = [*command, f"--junitxml={report}"]
    code = subprocess.run(command, cwd=ROOT, check=False, stdout=output, stderr=output).returncode
    result = read_report(name, report, code, skips)
    line(f"== {name}: {result.passed} passed, {result.failed} failed in {time.monotonic() - start:.0f} s")
    return result


def read_report(name, report, code, skips):
    result = Result()
    if code == 5:
        result.failed += 1
        result.notes.append(f"{name}: no test was found.")
        return result
    if not report.is_file():
        return Result(0, 1, [f"{name}: pytest stopped early (exit {code})."])
    for case in ET.parse(report).iter("testcase"):
        label = f"{case.get('classname')}.{case.get('name')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            result.failed += 1
            result.notes.append(f"{name}: failed: {label}")
        elif skipped is None:
            result.passed += 1
        elif skips not in (skipped.get("message") or ""):
            result.failed += 1
            result.notes.append(f"{name}: skipped without an allowed reason: {label}: {skipped.get('message')}")
    if code and not result.failed:
        result.failed += 1
        result.notes.append(f"{name}: pytest ended with {code}.")
    return result


def everything():
    """test - every test; the last line is "N passed, M failed\""""
    browser()
    os.environ.setdefault("QUICK", "1")
    started = postgres.start()
    total = Result()
    try:
        total.add(side_by_side({"templates": make_templates, "pure": pure_group, **whole_groups(), **addon_groups()}))
    except Stop as stop:
        total.add(Result(0, 1, [stop.detail, str(stop)]))
    finally:
        if started:
            postgres.stop(only_idle=True)
    return total.print()


def pure_group(output=None):
    folders = [path for path in (ROOT / "tests").iterdir() if list(path.glob("test_*.py")) and path.name not in WHOLE]
    return group("pure", pure_command(*sorted(folders)), output=output)


def make_templates(_output=None):
    for layer in ("demo", "mrp", "bare"):
        databases.template(layer)
    return Result()


def addon_groups():
    """The addons' tests in parts, each in a database of its own."""
    files, _kits = addon_tests()
    parts = {f"addons-{part + 1}": files[part::ADDON_PARTS] for part in range(ADDON_PARTS)}
    return {name: partial(addon_part, name, own) for name, own in parts.items() if own} | {"kits": kit_group}


def side_by_side(runs):
    """Run groups, two at a time, in their order.

    :param runs: {name: function(open file for what is printed) -> Result}; what each prints is shown when it is over,
        so that they do not mix
    """

    def quiet(run):
        with tempfile.TemporaryFile("w+") as output:
            result = run(output)
            output.seek(0)
            print(output.read(), flush=True)
        return result

    total = Result()
    with ThreadPoolExecutor(2) as pool:
        for result in pool.map(quiet, runs.values()):
            total.add(result)
    return total


def addon_part(name, files, output):
    with fresh("demo", name) as database:
        return group(name, odoo_pytest_command(database, *files), output=output)


def kit_group(output):
    _files, kits = addon_tests()
    if not kits:
        return Result()
    with fresh("mrp") as database:
        return group("kits", odoo_pytest_command(database, *kits), output=output)


def whole_groups():
    """What starts Odoo itself. Programs that are killed mostly wait: the others make use of it meanwhile."""
    screens = sorted((ROOT / "tests" / "browser").glob("test_*.py"))
    others = [ROOT / "tests" / name for name in WHOLE if name not in ("faults", "browser")]
    parts = {
        "faults": [ROOT / "tests" / "faults"], "screens-1": screens[::2], "screens-2": screens[1::2],
        "others": [folder for folder in others if folder.is_dir()],
    }  # fmt: skip
    return {name: partial(whole_part, name, paths) for name, paths in parts.items()}


def whole_part(name, paths, output):
    return group(name, pure_command(*paths), output=output) if paths else Result()
