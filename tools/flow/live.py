"""An Odoo of one's own for a test or a measurement: a shell that runs code, a server that answers."""

import json
import signal
import socket
import subprocess
import time
import urllib.request

from .paths import LOGS, ROOT
from .server import odoo_command


def shell_command(database):
    return odoo_command("shell", "-d", database, "--no-http", "--max-cron-threads=0", "--log-level=error")


def run_in_shell(database, code):
    """Run `code` in Odoo's shell and commit; return what it printed. Raises AssertionError with the traceback."""
    script = f"{code}\nenv.cr.commit()\nprint('shell-finished')\n"
    done = subprocess.run(shell_command(database), input=script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "shell-finished" in done.stdout, done.stdout + done.stderr
    return done.stdout.replace("shell-finished\n", "")


# Starts Odoo as its command line does, and runs beside what it serves one piece of code after the other, each in a
# transaction of its own.
SERVE = """
import contextlib, io, json, socket, threading, traceback
from odoo import api
from odoo.cli.command import main
from odoo.modules.registry import Registry

def listen(database, channel):
    threading.current_thread().dbname = database
    for line in channel.makefile("r", encoding="utf-8"):
        said, trouble = io.StringIO(), ""
        try:
            registry = Registry(database).check_signaling()
            with registry.cursor() as cr, contextlib.redirect_stdout(said):
                exec(json.loads(line), {"env": api.Environment(cr, api.SUPERUSER_ID, {}), "__name__": "shell"})
            registry.signal_changes()
        except Exception:
            trouble = traceback.format_exc()
        channel.sendall((json.dumps([said.getvalue(), trouble]) + "\\n").encode())

threading.Thread(target=listen, args=(%r, socket.socket(fileno=%d)), daemon=True).start()
main()
"""


class Shell:
    """Odoo's shell inside a server: nothing is loaded a second time for it."""

    def __init__(self, database):
        self.database = database
        self.channel, self.theirs = socket.socketpair()
        self.answers = self.channel.makefile("r", encoding="utf-8")

    def command(self, server):
        """The command of a server with this shell inside.

        :param list server: its command line, `python -m odoo …`
        """
        python, _module, _odoo, *args = server
        return [python, "-c", SERVE % (self.database, self.theirs.fileno()), *args]

    def __call__(self, code):
        """As `run_in_shell`."""
        self.channel.sendall((json.dumps(code) + "\n").encode())
        answer = self.answers.readline()
        assert answer, "Odoo has ended"
        said, trouble = json.loads(answer)
        assert not trouble, said + trouble
        return said

    def close(self):
        self.answers.close()
        self.channel.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Odoo serving one database on a free port, or on the given one; its `shell` runs code there, if one is wanted."""

    def __init__(self, database, *options, timeout=90, port=None, shell=False):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log = LOGS / f"server-{database}.log"
        self.command = odoo_command(
            "-d", database, f"--db-filter=^{database}$", f"--http-port={self.port}", f"--gevent-port={free_port()}",
            "--max-cron-threads=0", f"--logfile={self.log}", *options,
        )  # fmt: skip
        self.shell = Shell(database) if shell else None
        self.spawn()
        self.wait(timeout)

    def spawn(self):
        """Start the process, or a process like the one that ended."""
        command, files = self.command, ()
        if self.shell:
            command, files = self.shell.command(command), [self.shell.theirs.fileno()]
        self.process = subprocess.Popen(
            command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=files,
        )  # fmt: skip
        if self.shell:
            self.shell.theirs.close()

    def wait(self, timeout):
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            assert self.process.poll() is None, f"Odoo ended while starting, see {self.log}"
            try:
                urllib.request.urlopen(f"{self.url}/web/health", timeout=30).close()
                return
            except OSError:
                time.sleep(0.2)
        self.stop()
        raise AssertionError(f"Odoo did not answer within {timeout} s, see {self.log}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def kill(self):
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()
