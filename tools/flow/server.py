"""Starting Odoo."""

from .paths import CONF, PYTHON


def odoo_command(*args):
    """Command line of Odoo with our configuration. A subcommand such as `shell` comes first in `args`."""
    head = []
    if args and not args[0].startswith("-"):
        head, args = [args[0]], args[1:]
    return [str(PYTHON), "-m", "odoo", *head, "-c", str(CONF), *map(str, args)]
