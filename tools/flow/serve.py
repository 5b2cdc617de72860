"""`make run`: from nothing to an open Odoo, and back down cleanly on Ctrl-C."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from . import carrier, databases, debian, postgres, suppliers
from .paths import LOGS, ROOT, setting
from .runlock import take_lock
from .say import Stop, line, step
from .server import odoo_command

ROLES = (
    ("owner", "manager: policies, margins, everything"),
    ("desk", "order desk: orders and what they wait for"),
    ("buyer", "buyer: suppliers, offers, purchases"),
    ("agent", "service agent: after-sales"),
    ("accountant", "accountant: bills and invoices"),
    ("supplier", "supplier: portal"),
    ("customer", "customer: web shop and portal"),
)


def run(_args):
    """run - Odoo on database DB, port PORT"""
    name, port, host = setting("DB", "dropship"), number("PORT", "8069"), setting("HOST", "127.0.0.1")
    databases.check_name(name)
    handle = take_lock(name, port)
    check_port(host, port)
    debian.programs({"wkhtmltopdf": "wkhtmltopdf", "fonts-noto-cjk": "/usr/share/fonts/opentype/noto"},
                    "Printing PDF documents needs these (everything else works without).", needed=False)
    started = postgres.start()
    try:
        prepare(name)
        with suppliers.running(name), carrier.running(name, port):
            serve(name, port, host, handle)
    finally:
        if started:
            postgres.stop(only_idle=True)
    line("Stopped.")
    return 0


def number(name, default):
    value = setting(name, default)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise Stop(f"{name}={value} is no port: take a number such as {name}={default}.")
    return int(value)


def check_port(host, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Stop(f"Port {port} cannot be used, most likely something runs there: choose another, "
                       f"as in make run PORT={port + 1 if port < 65535 else 8069}.")


def prepare(name):
    """Make sure the database exists and fits the addons of this tree."""
    if not databases.exists(name):
        databases.new(name, "bare" if setting("DEMO") == "0" else "demo")
        return
    if databases.installed_content(name) != databases.content_hash():
        databases.migrate(name)


def serve(name, port, host, handle):
    """Start Odoo, wait until it answers, say where, and wait for its end."""
    log = LOGS / "run.log"
    LOGS.mkdir(parents=True, exist_ok=True)
    command = odoo_command(
        "-d", name, f"--db-filter=^{name}$", f"--http-port={port}", f"--http-interface={host}", f"--logfile={log}"
    )
    process = None

    def end(_signal, _frame):
        raise KeyboardInterrupt

    # SIGINT too: a shell that starts us in the background has it ignored.
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, end)
    try:
        with step("Starting Odoo"):
            # A session of its own: Ctrl-C then reaches Odoo once, from us, and not again from the terminal.
            process = subprocess.Popen(
                command, cwd=ROOT, start_new_session=True, pass_fds=[handle.fileno()],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            wait_until_up(process, f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}", log)
        greet(name, port, log)
        code = process.wait()
        if code:
            raise Stop(f"Odoo ended by itself (exit {code}): the last lines of {log} say why.")
    except KeyboardInterrupt:
        line("\nStopping ...")
    finally:
        if process and process.poll() is None:
            end_process(process)


def end_process(process):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process.send_signal(signal.SIGINT)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_up(process, url, log):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Stop(f"Odoo ended while starting: the last lines of {log} say why.", tail(log))
        try:
            # The login page, not only the health check: the first person then does not wait for the assets.
            urllib.request.urlopen(f"{url}/web/login", timeout=60).close()
            return
        except urllib.error.HTTPError as error:
            raise Stop(f"Odoo answers with an error: the last lines of {log} say why.", tail(log)) from error
        except OSError:
            time.sleep(0.3)
    raise Stop(f"Odoo did not answer within two minutes: the last lines of {log} say why.", tail(log))


def tail(path, lines=25):
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]) if path.exists() else ""


def greet(name, port, log):
    url = f"http://localhost:{port}"
    with databases.cursor(name) as cr:
        cr.execute("SELECT login FROM res_users WHERE active AND login = ANY(%s)", [[role for role, _ in ROLES]])
        present = {login for (login,) in cr.fetchall()}
    line(f"\nDropship Flow is open (database {name}, log {log}):")
    line(f"  shop         {url}/shop")
    line(f"  back office  {url}/odoo")
    line(f"  portal       {url}/my\n")
    line("Logins (the password is the login):")
    for role, what in (*ROLES, ("admin", "administrator")):
        if role in present or role == "admin":
            line(f"  {role:<12} {what}")
    line("\nCtrl-C stops.")
