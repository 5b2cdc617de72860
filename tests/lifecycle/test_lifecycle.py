"""Install, upgrade, uninstall and reinstall of the three addons, each on a database of its own."""

import pytest

from flow import databases
from flow.paths import ADDONS

UNINSTALL = """
modules = env["ir.module.module"].search([("name", "in", {addons!r})])
modules.button_immediate_uninstall()
"""


def states(database):
    with databases.cursor(database) as cr:
        cr.execute("SELECT name, state FROM ir_module_module WHERE name = ANY(%s)", [list(ADDONS)])
        return dict(cr.fetchall())


def leftovers(database):
    """Models, tables, columns and rules of ours that are still there."""
    with databases.cursor(database) as cr:
        cr.execute("SELECT 'model ' || model FROM ir_model WHERE model LIKE 'dropship.%'")
        found = [row[0] for row in cr.fetchall()]
        cr.execute(
            "SELECT 'table ' || table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_name LIKE 'dropship\\_%'"
        )
        found += [row[0] for row in cr.fetchall()]
        cr.execute(
            "SELECT 'column ' || table_name || '.' || column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name LIKE 'dropship\\_%'"
        )
        found += [row[0] for row in cr.fetchall()]
        cr.execute("SELECT 'data ' || module || '.' || name FROM ir_model_data WHERE module = ANY(%s)", [list(ADDONS)])
        return found + [row[0] for row in cr.fetchall()]


@pytest.mark.slow
def test_install_upgrade_uninstall_reinstall(make_db, odoo_shell):
    database = make_db("core")
    addons = ",".join(ADDONS)
    databases.odoo(database, "-i", addons, log="lifecycle-install")
    assert set(states(database).values()) == {"installed"}

    databases.odoo(database, "-u", addons, log="lifecycle-upgrade")
    assert set(states(database).values()) == {"installed"}

    odoo_shell(database, UNINSTALL.format(addons=ADDONS))
    assert set(states(database).values()) == {"uninstalled"}
    assert leftovers(database) == []

    databases.odoo(database, "-i", addons, log="lifecycle-reinstall")
    assert set(states(database).values()) == {"installed"}


@pytest.mark.slow
def test_towers_are_optional(make_db, odoo_shell):
    """The house works without its two towers, and they leave it without taking it along."""
    database = make_db("bare")
    odoo_shell(database, UNINSTALL.format(addons=ADDONS[1:]))
    assert states(database) == {ADDONS[0]: "installed", ADDONS[1]: "uninstalled", ADDONS[2]: "uninstalled"}
    databases.odoo(database, "-u", ADDONS[0], log="lifecycle-house")


@pytest.mark.slow
def test_upgrade_keeps_demo_data(make_db):
    database = make_db("demo")
    before = row_counts(database)
    databases.odoo(database, "-u", ",".join(ADDONS), log="lifecycle-demo-upgrade")
    assert row_counts(database) == before


def row_counts(database):
    """Number of rows of every table of ours and of the documents the demo makes."""
    with databases.cursor(database) as cr:
        cr.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = "
            "'BASE TABLE' AND (table_name LIKE 'dropship\\_%' OR table_name IN "
            "('sale_order', 'purchase_order', 'res_partner', 'product_product', 'product_supplierinfo', 'res_users'))"
        )
        counts = {}
        for (table,) in cr.fetchall():
            cr.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cr.fetchone()[0]
        return counts
