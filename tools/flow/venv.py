"""The virtual environment with pinned requirements and Odoo on its path."""

import hashlib
import os
import shutil
import subprocess
import sys

from . import debian
from .paths import CACHE, CONF, DATA, PYTHON, ROOT, VENV, WORK, lock
from .say import Stop, step
from .source import addons_path

REQUIREMENTS = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")
# Some requirements come as sources only; they are built with these rather than with whatever is newest.
BUILD_TOOLS = ("setuptools==80.9.0", "wheel==0.45.1")
WHEELS = CACHE / f"wheels-{sys.implementation.cache_tag}"


def fingerprint():
    text = b"".join(path.read_bytes() for path in REQUIREMENTS)
    return hashlib.sha256(text + sys.version.encode()).hexdigest()[:16]


def prepare(odoo_folder):
    """Create or renew the environment when the requirements changed; point it at `odoo_folder`."""
    mark = VENV / "flow-fingerprint"
    if not (mark.is_file() and mark.read_text() == fingerprint() and PYTHON.exists()):
        if not fits():
            create()
        collect_wheels()
        install()
        mark.write_text(fingerprint())
    site = VENV / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (site / "flow-odoo.pth").write_text(f"{odoo_folder}\n", encoding="utf-8")
    write_configuration(odoo_folder)


def fits():
    """Whether the present environment is of this Python; then it is only brought up to date, others may be using it."""
    if not PYTHON.exists():
        return False
    code = "import sys, pip; print(sys.version)"
    done = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() == sys.version.strip()


def create():
    with step("Creating the virtual environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        command = [sys.executable, "-m", "venv", VENV]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            debian.install(["python3-venv"], "Python cannot create a virtual environment.")
            shutil.rmtree(VENV, ignore_errors=True)
            subprocess.run(command, check=True)


def pip(*args, environment=None):
    command = [PYTHON, "-m", "pip", "--disable-pip-version-check", "-q", *args]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop("The Python packages could not be fetched: check the network and pip's settings, then run again.",
                   done.stdout + done.stderr)


def requirement_args():
    return [arg for path in REQUIREMENTS for arg in ("-r", path)]


def collect_wheels():
    """Fill the cache with every wheel of this list of requirements; a marker says that it is complete."""
    with lock("wheels", CACHE):
        mark = WHEELS / f"complete-{fingerprint()}"
        if mark.exists():
            return
        with step("Downloading Python packages"):
            WHEELS.mkdir(parents=True, exist_ok=True)
            links = f"{os.environ.get('PIP_FIND_LINKS', '')} {WHEELS}".strip()
            pip("install", *BUILD_TOOLS)
            environment = {**os.environ, "PIP_FIND_LINKS": links}
            pip("wheel", "--no-build-isolation", "-w", WHEELS, *requirement_args(), environment=environment)
            mark.touch()


def install():
    with step("Installing Python packages"):
        pip("install", "--no-index", "--find-links", WHEELS, *requirement_args())


def write_configuration(odoo_folder):
    """The configuration every Odoo of this tree uses; the database server comes from the PG* variables."""
    DATA.mkdir(parents=True, exist_ok=True)
    (WORK / "logs").mkdir(exist_ok=True)
    values = {
        "addons_path": ",".join(map(str, addons_path(odoo_folder))),
        "data_dir": DATA,
        "list_db": False,
        "http_interface": "127.0.0.1",
    }
    text = "[options]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())
    if not CONF.is_file() or CONF.read_text(encoding="utf-8") != text:
        CONF.write_text(text, encoding="utf-8")
