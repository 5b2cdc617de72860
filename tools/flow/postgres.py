"""The PostgreSQL server: the one named by PG* variables, or a private cluster under .odoo/pg."""

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import debian
from .paths import WORK, is_root, lock
from .say import Stop, step, warn

CLUSTER = WORK / "pg"
DATA = CLUSTER / "data"
PORT = "54319"
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
synchronous_commit = off
shared_buffers = 512MB
max_wal_size = 2GB
work_mem = 16MB
max_connections = 200
jit = off
autovacuum_naptime = 5min
"""


def external():
    """True when the user names a server; then it is neither started nor stopped here."""
    if os.environ.get("PGHOST") == str(socket_folder()):
        return False
    return any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE"))


def socket_folder():
    """Folder of the socket. A socket's path may have 107 bytes; in a deeper tree it moves to the temporary folder."""
    folder = CLUSTER / "socket"
    if len(str(folder)) <= 85:
        return folder
    return Path(tempfile.gettempdir()) / f"dropship-flow-{hashlib.sha256(str(CLUSTER).encode()).hexdigest()[:12]}"


def programs():
    """Folder with the server's programs, version 13 or newer; Debian's postgresql is installed if there is none."""
    found = find_programs()
    if not found:
        debian.install(["postgresql"], "PostgreSQL 13 or newer is needed (or PGHOST naming a server).")
        found = find_programs()
    if not found:
        raise Stop("No PostgreSQL 13 or newer was found: install one, or name a server with PGHOST, PGPORT and PGUSER.")
    return found


def find_programs():
    folders = [Path(path).resolve().parent for path in [shutil.which("pg_ctl")] if path]
    folders += Path("/usr/lib/postgresql").glob("*/bin")
    versions = []
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            text = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
            number = re.search(r"\b(\d+)", text.stdout)
            versions.append((int(number[1]) if number else 0, folder))
    version, folder = max(versions, default=(0, None))
    return folder if version >= 13 else None


def account():
    """The unprivileged account the server runs as when we are root, otherwise None."""
    if not is_root():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Stop("PostgreSQL does not run as root: add an account named postgres, or work as an ordinary user.")


def as_account(command):
    """`command` run as the unprivileged account. Only where that account cannot pass a parent folder of the tree, such
    as root's home, it keeps root's right to do so."""
    user = account()
    if not user:
        return command
    change = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups"]
    if subprocess.run([*change, "test", "-x", WORK], check=False).returncode:
        change += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [*change, *command]


def execute(*command):
    command = as_account([str(part) for part in command])
    # pg_ctl's server keeps the streams open, so its output goes to a file rather than to a pipe.
    with tempfile.TemporaryFile("w+") as output:
        code = subprocess.run(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, cwd="/", check=False)
        output.seek(0)
        return code.returncode, output.read()


def environment():
    """PG* variables for every program that talks to the server."""
    if external():
        return {}
    return {"PGHOST": str(socket_folder()), "PGPORT": PORT, "PGUSER": "odoo"}


def running():
    return not external() and DATA.is_dir() and execute(programs() / "pg_ctl", "status", "-D", DATA)[0] == 0


def start():
    """Start the private cluster unless it runs or the user named a server. True if it was started here."""
    if external():
        return False
    with lock("postgres"):
        if running():
            return False
        if not (DATA / "PG_VERSION").exists():
            initialize()
        folder = socket_folder()
        make_folder(folder)
        log = CLUSTER / "server.log"
        code, text = execute(
            programs() / "pg_ctl", "start", "-w", "-t", "60", "-D", DATA, "-l", log, "-o", f"-k {folder} -p {PORT}"
        )
        if code:
            raise Stop(f"PostgreSQL did not start: read {log}, or name a server with PGHOST, PGPORT and PGUSER.", text)
        create_role(folder)
        return True


def make_folder(folder):
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    user = account()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)


def initialize():
    with step("Creating the private PostgreSQL cluster"):
        shutil.rmtree(CLUSTER, ignore_errors=True)
        make_folder(CLUSTER)
        part = CLUSTER / "data.part"
        code, text = execute(
            programs() / "initdb", "-D", part, "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--locale=C", "--no-instructions",
        )  # fmt: skip
        if code:
            raise Stop("The PostgreSQL cluster could not be created; the reason is above. "
                       "A server named with PGHOST, PGPORT and PGUSER works too.", text)
        with open(part / "postgresql.conf", "a", encoding="utf-8") as handle:
            handle.write(SETTINGS)
        os.replace(part, DATA)


def create_role(folder):
    command = (
        "DO $$BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname='odoo') "
        "THEN CREATE ROLE odoo LOGIN CREATEDB; END IF; END$$"
    )
    psql = shutil.which("psql") or programs() / "psql"
    code, text = execute(psql, "-h", folder, "-p", PORT, "-U", "postgres", "-d", "postgres", "-qc", command)
    if code:
        raise Stop("PostgreSQL runs but refused to create the role odoo; the reason is above.", text)


def stop(only_idle=False):
    """Stop the private cluster; with `only_idle` only when nobody else is connected."""
    if not DATA.is_dir() or not running():
        return
    if only_idle:
        psql = shutil.which("psql") or programs() / "psql"
        query = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
        _, text = execute(psql, "-h", socket_folder(), "-p", PORT, "-U", "postgres", "-d", "postgres", "-Atc", query)
        if text.strip() != "1":
            return
    code, text = execute(programs() / "pg_ctl", "stop", "-m", "fast", "-w", "-D", DATA)
    if code:
        warn(f"PostgreSQL did not stop: {text.strip()} (log: {CLUSTER / 'server.log'})")
    elif not socket_folder().is_relative_to(CLUSTER):
        shutil.rmtree(socket_folder(), ignore_errors=True)
