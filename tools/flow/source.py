"""Finding Odoo 19: the user's own, an earlier run's, the cache, Debian's package."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import debian
from .paths import CACHE, ROOT, WORK, lock, release_of, setting
from .say import Stop, step, warn

UNPACKED = WORK / "root"
DEBS = CACHE / "debs"
LOCK_FILE = ROOT / "tools" / "odoo.lock"
# The package links web files to these. Font Awesome must be the 4.7 of stable: later ones lack the file names.
FROM_SID = ("odoo-19", "fonts-montserrat")
FROM_STABLE = (
    "libjs-jquery", "libjs-jquery-form", "libjs-underscore", "fonts-font-awesome",
    "fonts-roboto-unhinted", "fonts-inconsolata", "fonts-ocr-b",
)  # fmt: skip
# Named by the package's own asset lists but taken out of it (blurring in video calls). Without some file there every
# page of the back office reports an error, and browser tests fail by it.
LEFT_OUT = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)


def find():
    """Folder whose `odoo` package is Odoo 19; fetched when there is none."""
    return from_user() or importable() or unpacked() or fetch()


def from_user():
    home = setting("ODOO_HOME")
    if not home:
        return None
    for folder in (Path(home), Path(home) / "usr/lib/python3/dist-packages", Path(home).parent):
        release = release_of(folder)
        if release == "19.0":
            return folder.resolve()
        if release:
            raise Stop(f"ODOO_HOME={home} holds Odoo {release}: point it at an Odoo 19.0.")
    raise Stop(f"ODOO_HOME={home} holds no Odoo: point it at the folder which has odoo/release.py.")


def importable():
    """An Odoo 19 which the machine's own Python imports."""
    code = "import odoo.release, pathlib; print(pathlib.Path(odoo.release.__file__).parents[1])"
    base = getattr(sys, "_base_executable", "") or sys.executable
    done = subprocess.run([base, "-c", code], capture_output=True, text=True, check=False, cwd="/")
    folder = done.stdout.strip()
    return Path(folder) if folder and release_of(folder) == "19.0" else None


def unpacked():
    folder = UNPACKED / "usr/lib/python3/dist-packages"
    if release_of(folder) != "19.0":
        return None
    fill_gaps(UNPACKED)
    return folder


def recorded():
    return json.loads(LOCK_FILE.read_text(encoding="utf-8"))


def cached(name):
    """The newest complete file of a package in the cache, or None. Prefers the recorded version of Odoo."""
    files = sorted(DEBS.glob(f"{name}_*.deb"), key=lambda path: path.stat().st_mtime)
    wanted = [path for path in files if f"_{recorded()['version']}_" in path.name]
    return (wanted or files or [None])[-1] if name == "odoo-19" else (files or [None])[-1]


def fetch():
    """Debian's packages from the cache or the network, unpacked under .odoo/ as a whole or not at all."""
    with lock("downloads", CACHE):
        check(cached("odoo-19"))
        for suite, names in (("sid", FROM_SID), (debian.codename(), FROM_STABLE)):
            missing = [name for name in names if not cached(name)]
            if missing:
                size = " (123 MB)" if "odoo-19" in missing else ""
                with step(f"Downloading {' '.join(missing)}{size}"):
                    debian.download(suite, missing, DEBS)
        files = [cached(name) for name in (*FROM_SID, *FROM_STABLE)]
        check(files[0], warns=True)
    part = WORK / "root.part"
    shutil.rmtree(part, ignore_errors=True)
    with step("Unpacking Odoo 19"):
        for file in files:
            done = subprocess.run(["dpkg", "-x", file, part], capture_output=True, text=True, check=False)
            if done.returncode:
                file.unlink()
                raise Stop(f"{file} was damaged and is removed: run again to download it anew.", done.stderr)
    fill_gaps(part)
    broken = [path for path in part.rglob("*") if path.is_symlink() and not path.exists()]
    if broken:
        warn(f"{len(broken)} files of the Odoo package link to packages that are not there, such as {broken[0]}.")
    os.replace(part, UNPACKED)
    return unpacked()


def fill_gaps(root):
    for name in LEFT_OUT:
        path = root / "usr/lib/python3/dist-packages/odoo/addons" / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("// Not part of Debian's package.\n", encoding="utf-8")


def check(file, warns=False):
    """Compare Odoo's package with tools/odoo.lock: a damaged one is removed, another version only warned of."""
    if not file:
        return
    lock_entry = recorded()
    version = file.name.split("_")[1]
    if version != lock_entry["version"]:
        if warns:
            warn(f"Odoo {version} is not the tried {lock_entry['version']}; if something fails, look there first.")
        return
    with open(file, "rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    if digest == lock_entry["sha256"]:
        return
    file.unlink()
    if warns:
        raise Stop("The downloaded Odoo package does not have the SHA-256 of tools/odoo.lock: run again, "
                   "or set ODOO_HOME to an Odoo 19 you trust.")
    warn("The cached Odoo package was damaged and is downloaded anew.")


def addons_path(folder):
    """Folders Odoo searches for addons, ours first."""
    candidates = (ROOT, folder / "odoo" / "addons", folder / "addons")
    return [path for path in candidates if path.is_dir()]
