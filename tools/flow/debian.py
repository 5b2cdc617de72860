"""Debian packages: installed ones for programs, unpacked ones for Odoo's own files.

Unpacked packages come through a private apt state made from the machine's own source entries, so the machine's
package lists stay as they are and no mirror is named here.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .paths import is_root
from .say import Stop, step, warn

SOURCES = Path("/etc/apt")


def codename():
    """Suite name of this Debian ("bookworm"), or empty on another system."""
    try:
        text = Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return ""
    values = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', text, re.M))
    return values.get("VERSION_CODENAME", "") if values.get("ID") == "debian" else ""


def source_entries(suite):
    """The machine's own entries that serve `suite`, each as (uri, options line for a .sources file)."""
    found = []
    for path in sorted((SOURCES / "sources.list.d").glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
            fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.*)$", stanza, re.M))
            if suite in fields.get("Suites", "").split() and fields.get("Enabled", "yes").strip() != "no":
                found.append((fields["URIs"].split()[0], fields.get("Signed-By", "").strip()))
    lists = [SOURCES / "sources.list", *sorted((SOURCES / "sources.list.d").glob("*.list"))]
    for path in filter(Path.is_file, lists):
        for match in re.finditer(r"^deb\s+(\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$", path.read_text("utf-8"), re.M):
            if match[3] == suite and "main" in match[4].split():
                signed = re.search(r"signed-by=(\S+?)[\]\s]", match[1] or "")
                found.append((match[2], signed[1] if signed else ""))
    return found


class PrivateApt:
    """An apt state of its own for one suite, in a temporary folder."""

    def __init__(self, folder, suite):
        entries = source_entries(codename())
        if not entries or not shutil.which("apt-get"):
            raise Stop(
                "This machine has no Debian package source to take Odoo 19 from: "
                "set ODOO_HOME to the folder of an Odoo 19 and run again."
            )
        uri, signed = entries[0]
        self.folder = Path(folder) / suite
        for name in ("sources", "lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        stanza = f"Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: main\n"
        stanza += f"Signed-By: {signed}\n" if signed else ""
        (self.folder / "sources" / "flow.sources").write_text(stanza, encoding="utf-8")

    def run(self, *args, cwd=None):
        options = {
            "Dir::Etc::sourcelist": "/dev/null",
            "Dir::Etc::sourceparts": self.folder / "sources",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "root",
        }
        command = ["apt-get", "-qq", *(f"-o{key}={value}" for key, value in options.items()), *args]
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Stop(
                f"The Debian packages {' '.join(args[1:]) or '(lists)'} could not be downloaded: "
                "check the network, or set ODOO_HOME to the folder of an Odoo 19 and run again.",
                done.stderr,
            )


def download(suite, names, folder):
    """Put the .deb files of `names` from `suite` into `folder`; a file appears there only when complete."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".part-") as part:
        apt = PrivateApt(part, suite)
        apt.run("update")
        target = Path(part) / "debs"
        target.mkdir()
        apt.run("download", *names, cwd=target)
        for deb in target.glob("*.deb"):
            deb.chmod(0o644)
            os.replace(deb, folder / deb.name)


def install(packages, why):
    """Install system packages as root; otherwise stop and print the one line to run."""
    line = f"apt-get install -y {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Stop(f"{why} Install these programs, then run again: {' '.join(packages)}.")
    if not is_root():
        raise Stop(f"{why} Run this as root, then run again: {line}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with step(f"Installing Debian packages: {' '.join(packages)}"):
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False, capture_output=True)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(f"{why} The installation failed; run it by hand to see why: {line}", done.stderr)


def programs(wanted, why, needed=True):
    """Make sure programs or fonts are there. `wanted`: {package: program name or path that proves it}."""
    missing = [name for name, proof in wanted.items() if not (shutil.which(proof) or Path(proof).exists())]
    if not missing:
        return
    try:
        install(missing, why)
    except Stop as stop:
        if needed:
            raise
        warn(str(stop))
