"""Databases: templates keyed by what is in them, and quick copies of those.

Four layers, each built on the one before and kept until its content changes:
core  - the core modules our addons depend on, no demo
bare  - core and our three addons, no demo
demo  - core and our three addons with our demo data (CORE_DEMO=1: with core's own demo data as well)
mrp   - demo and manufacturing, for kits
"""

import ast
import hashlib
import os
import re
import shutil
import subprocess
from contextlib import closing, contextmanager
from functools import cache

import psycopg2
from psycopg2 import sql

from .paths import ADDONS, DATA, LOGS, ROOT, lock, setting
from .say import Stop, step, warn
from .server import odoo_command

LAYERS = ("core", "bare", "demo", "mrp")
MARK = "dropship_flow.installed_content"


@contextmanager
def cursor(name="postgres"):
    """An autocommitting cursor on database `name`."""
    try:
        connection = psycopg2.connect(dbname=name)
    except psycopg2.OperationalError as error:
        raise Stop("The PostgreSQL server does not answer: check PGHOST, PGPORT and PGUSER.", str(error)) from error
    connection.autocommit = True
    with closing(connection), connection.cursor() as cr:
        yield cr


def exists(name):
    with cursor() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cr.fetchone())


def names():
    with cursor() as cr:
        cr.execute("SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'")
        return [name for (name,) in cr.fetchall()]


def filestore(name):
    return DATA / "filestore" / name


def drop(name):
    with cursor() as cr:
        try:
            cr.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg2.errors.InsufficientPrivilege:
            # The server cleans up in there just now. Its worker is nobody's to end, but a plain drop sends it away.
            cr.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
                [name],
            )
            cr.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    shutil.rmtree(filestore(name), ignore_errors=True)


def copy(source, target):
    """Copy a database with its files. The copy gets an identity of its own."""
    check_name(target)
    # Files first: a copy that was broken off then has no database yet and is simply made again.
    if filestore(source).is_dir():
        shutil.rmtree(filestore(target), ignore_errors=True)
        # Stored files are never rewritten, only added and removed: links are as good as copies.
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link)
    with cursor() as cr:
        cr.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(target), sql.Identifier(source)))
    with cursor(target) as cr:
        cr.execute(
            "UPDATE ir_config_parameter SET value = gen_random_uuid()::text "
            "WHERE key IN ('database.uuid', 'database.secret')"
        )


def check_name(name):
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}", name):
        raise Stop(f"{name!r} is no usable database name: take letters, digits, dots, dashes and underscores.")


def manifest(addon):
    return ast.literal_eval((ROOT / addon / "__manifest__.py").read_text(encoding="utf-8"))


def core_modules():
    """The core modules our addons name."""
    wanted = {name for addon in ADDONS for name in manifest(addon)["depends"]}
    return sorted(wanted - set(ADDONS))


@cache
def content_hash():
    """Hash of everything in the addons which an installed database can depend on (tests excluded)."""
    digest = hashlib.sha256()
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*")):
            inside = path.relative_to(ROOT)
            if path.is_file() and not {"tests", "__pycache__", "readme"} & set(inside.parts):
                digest.update(f"{inside}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def core_hash():
    from .source import find  # noqa: PLC0415 - the source is looked for only when a template is

    release = (find() / "odoo" / "release.py").stat()
    parts = [",".join(core_modules()), str(find()), str(release.st_size), str(int(release.st_mtime))]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:8]


def with_core_demo():
    return setting("CORE_DEMO") not in ("", "0")


def template_name(layer):
    if layer == "core":
        return f"tpl_core_{core_hash()}"
    suffix = "_cd" if with_core_demo() and layer != "bare" else ""
    return f"tpl_{layer}{suffix}_{core_hash()}_{content_hash()}"


def template(layer):
    """Name of the template database of a layer; built when missing."""
    if layer not in LAYERS:
        raise Stop(f"There is no template {layer!r}: take one of {', '.join(LAYERS)}.")
    name = template_name(layer)
    if exists(name):
        return name
    with lock(f"template-{layer}"):
        if not exists(name):
            build(layer, name)
    return name


def dress(name):
    """Make the scripts and styles of all pages, or the first page of each copy would wait longer for them than for
    anything else."""
    from .live import run_in_shell  # noqa: PLC0415 - which needs this module

    try:
        run_in_shell(name, "env['ir.qweb']._pregenerate_assets_bundles()")
    except AssertionError as error:
        raise Stop("Odoo could not make the scripts and styles of its pages.", str(error)) from error


def build(layer, name):
    part = f"part_{layer}"
    drop(part)
    if layer == "core":
        with step(f"Installing the core modules of Odoo into template {name} (about a minute)"):
            odoo(part, "-i", ",".join(core_modules()), log="template-core")
    elif layer == "mrp":
        copy(template("demo"), part)
        with step(f"Installing manufacturing into template {name}"):
            refuse_demo(part, "stock")
            odoo(part, "-i", "mrp", log="template-mrp")
    else:
        demo = layer == "demo"
        if demo and with_core_demo():
            with step("Installing the core modules with core's own demo data"):
                odoo(part, "-i", ",".join(core_modules()), "--with-demo", log="template-core-demo")
        else:
            copy(template("core"), part)
        if demo:
            allow_demo(part)
        with step(f"Installing our addons into template {name}"):
            odoo(part, "-i", ",".join(ADDONS), *(["--with-demo"] if demo else []), log=f"template-{layer}")
    if layer in ("bare", "demo"):
        with step("Preparing the scripts and styles of its pages"):
            dress(part)
    if layer != "core":
        remember_content(part)
    rename(part, name)
    drop_stale(layer, name)


def refuse_demo(name, module):
    """What depends on the module gets no demo data: manufacturing's builds on products our demo world does not have."""
    with cursor(name) as cr:
        cr.execute("UPDATE ir_module_module SET demo = false WHERE name = %s", [module])


def allow_demo(name):
    """Odoo gives an addon its demo data only if all it depends on has some. Setting the flags keeps core's own demo
    (furniture, San Francisco) out of our demo world."""
    with cursor(name) as cr:
        cr.execute("UPDATE ir_module_module SET demo = true WHERE state = 'installed'")


def rename(source, target):
    with cursor() as cr:
        cr.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(source), sql.Identifier(target)))
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).is_dir():
        os.replace(filestore(source), filestore(target))


def drop_stale(layer, keep):
    """Older templates of the layer go; one that is just being copied stays for the next time."""
    for name in names():
        if re.match(rf"tpl_{layer}_", name) and name != keep and ("_cd_" in name) == ("_cd_" in keep):
            try:
                drop(name)
            except psycopg2.Error:
                continue


def remember_content(name):
    with cursor(name) as cr:
        cr.execute(
            "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s) "
            "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            [MARK, content_hash()],
        )


def installed_content(name):
    """The content hash the addons had when `name` was installed or migrated."""
    with cursor(name) as cr:
        cr.execute("SELECT to_regclass('ir_config_parameter')")
        if cr.fetchone() == (None,):
            raise Stop(f"Database {name} is not one of Odoo's: choose another name, as in DB=shop.")
        cr.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [MARK])
        row = cr.fetchone()
        return row and row[0]


def migrate(name):
    """Bring our addons in `name` to the present tree; the ones that are missing are installed."""
    addons = ",".join(ADDONS)
    with cursor(name) as cr:
        cr.execute("SELECT demo FROM ir_module_module WHERE name = 'base'")
        demo = ["--with-demo"] if cr.fetchone() == (True,) else []
    with step(f"The addons changed: migrating database {name}"):
        odoo(name, "-u", addons, "-i", addons, *demo, log="migrate")
    remember_content(name)


def new(name, layer="demo"):
    """A fresh database `name`: an existing one of that name is replaced."""
    source = template(layer)
    drop(name)
    with step(f"Copying template {layer} to database {name}"):
        copy(source, name)
    return name


def odoo(name, *args, log="odoo"):
    """Run Odoo on a database until it has done `args`; failures and logged errors stop."""
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    command = odoo_command("-d", name, "--stop-after-init", "--no-http", "--max-cron-threads=0", *args)
    with open(path, "w", encoding="utf-8") as handle:
        done = subprocess.run(command, stdout=handle, stderr=handle, cwd=ROOT, check=False)
    text = path.read_text(encoding="utf-8", errors="replace")
    if "demo data failed to install" in text:
        warn(f"Some demo data failed to load; the reason is in {path}.")
    if done.returncode or re.search(r"^\S+ \S+ \d+ CRITICAL ", text, re.M):
        tail = "\n".join(text.splitlines()[-25:])
        raise Stop(f"Odoo stopped while working on database {name}: the whole story is in {path}.", tail)


