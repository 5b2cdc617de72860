"""Starting Odoo."""

from .paths import CONF, PYTHON


def odoo_command(*args):
    """Command line of Odoo with our configuration. A subcommand such as `shell` or `i18n export` comes first."""
    words = 0
    while words < len(args) and not str(args[words]).startswith("-"):
        words += 1
    return [str(PYTHON), "-m", "odoo", *args[:words], "-c", str(CONF), *map(str, args[words:])]
