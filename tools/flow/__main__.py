"""`python -m flow COMMAND …`; the commands are listed by `make help` and docs/setup.md."""

import os
import sys

from . import paths, say


def setup():
    """Odoo, the virtual environment and PostgreSQL's programs; quick when all is there."""
    from . import postgres, source, venv  # noqa: PLC0415

    if not (3, 10) <= sys.version_info < (3, 14):
        raise say.Stop("Odoo 19 needs Python 3.10 to 3.13: install python3.11 and run again.")
    paths.WORK.mkdir(parents=True, exist_ok=True)
    with paths.lock("setup"):
        if not postgres.external():
            postgres.programs()
        venv.prepare(source.find())


def in_environment():
    """Go on inside the virtual environment, with PG* variables set."""
    from . import postgres  # noqa: PLC0415

    if paths.Path(sys.prefix) == paths.VENV:
        return
    setup()
    os.environ.update(postgres.environment(), PYTHONPATH=str(paths.ROOT / "tools"))
    # Chromium's and Odoo's own settings of the user must not leak into runs of this tree.
    for name in ("ODOO_RC", "OPENERP_SERVER"):
        os.environ.pop(name, None)
    os.execv(paths.PYTHON, [str(paths.PYTHON), "-m", "flow", *sys.argv[1:]])


def main(argv):
    if argv[:1] == ["setup"]:
        setup()
        return 0
    if argv in (["clean"], ["pg", "stop"]):
        # These need nothing set up, least of all a new environment.
        from . import postgres, runlock  # noqa: PLC0415

        return runlock.clean() if argv == ["clean"] else postgres.stop() or 0
    in_environment()
    from . import commands  # noqa: PLC0415

    return commands.run(argv)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except say.Stop as stop:
        if stop.detail:
            say.line(stop.detail.rstrip())
        say.line(f"\n{stop}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
