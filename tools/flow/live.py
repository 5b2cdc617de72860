"""An Odoo of one's own for a test or a measurement: a shell that runs code, a server that answers."""

import signal
import socket
import subprocess
import time
import urllib.request

from .paths import LOGS, ROOT
from .server import odoo_command


def run_in_shell(database, code):
    """Run `code` in Odoo's shell and commit; return what it printed. Raises AssertionError with the traceback."""
    script = f"{code}\nenv.cr.commit()\nprint('shell-finished')\n"
    command = odoo_command("shell", "-d", database, "--no-http", "--max-cron-threads=0", "--log-level=error")
    done = subprocess.run(command, input=script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "shell-finished" in done.stdout, done.stdout + done.stderr
    return done.stdout.replace("shell-finished\n", "")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """Odoo serving one database on a free port."""

    def __init__(self, database, *options, timeout=90):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        LOGS.mkdir(parents=True, exist_ok=True)
        self.log = LOGS / f"server-{database}.log"
        self.command = odoo_command(
            "-d", database, f"--db-filter=^{database}$", f"--http-port={self.port}", f"--gevent-port={free_port()}",
            "--max-cron-threads=0", f"--logfile={self.log}", *options,
        )  # fmt: skip
        self.spawn()
        self.wait(timeout)

    def spawn(self):
        """Start the process, or a process like the one that ended."""
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

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
