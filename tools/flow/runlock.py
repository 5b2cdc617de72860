"""Only one `make run` per tree, and no clearing away while it runs."""

import fcntl
import json
import os
import shutil

from . import postgres
from .paths import WORK
from .say import Stop, line

LOCK = WORK / "run.lock"


def take_lock(name, port):
    """Hold the lock of this tree. Odoo inherits it, so it lasts as long as any part of a run does."""
    handle = open(LOCK, "a+", encoding="utf-8")  # noqa: SIM115 - held until the process ends
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        try:
            other = json.loads(handle.read())
            where = f"at {other['url']} on database {other['db']} (process {other['pid']})"
        except ValueError:
            where = "and is just starting"
        raise Stop(f"Dropship Flow of this folder runs already {where}: stop it with Ctrl-C there first.")
    handle.truncate(0)
    handle.write(json.dumps({"url": f"http://localhost:{port}", "db": name, "pid": os.getpid()}))
    handle.flush()
    os.set_inheritable(handle.fileno(), True)
    return handle


def clean():
    """Stop the private server and remove .odoo/ with everything in it; the download cache stays."""
    if not WORK.exists():
        line(f"There is nothing to remove: {WORK} does not exist.")
        return 0
    handle = take_lock("", 0)
    if not postgres.external():
        postgres.stop()
    shutil.rmtree(WORK)
    handle.close()
    line(f"{WORK} is removed.")
    return 0
