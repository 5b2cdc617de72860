"""Where things live, and the variables a user may set."""

import fcntl
import os
import re
from contextlib import contextmanager
from pathlib import Path

from .say import line

ROOT = Path(__file__).resolve().parents[2]
WORK = Path(os.environ.get("FLOW_WORK") or ROOT / ".odoo").resolve()
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dropship-flow"
VENV = WORK / "venv"
PYTHON = VENV / "bin" / "python"
DATA = WORK / "data"
LOGS = WORK / "logs"
CONF = WORK / "odoo.conf"
ADDONS = ("dropship_flow", "dropship_flow_aftersales", "dropship_flow_reports")


def setting(name, default=""):
    """Value of a variable given to make or in the environment; empty counts as not given."""
    return os.environ.get(name) or default


def is_root():
    return os.geteuid() == 0


def release_of(folder):
    """Major version of the Odoo whose package lies in `folder`, such as "19.0", or None."""
    release = Path(folder) / "odoo" / "release.py"
    if not release.is_file():
        return None
    found = re.search(r"^version_info\s*=\s*\((\d+),\s*(\d+)", release.read_text(encoding="utf-8"), re.M)
    return f"{found[1]}.{found[2]}" if found else None


@contextmanager
def lock(name, folder=None):
    """Only one process at a time does `name`; others wait and say so."""
    folder = folder or WORK / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / f"{name}.lock", "a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            line(f"  waiting for another process that is busy with: {name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
