"""Odoo installs an addon without its demo data when that fails, and goes on; here it may not go unnoticed."""

import pytest

from flow import databases
from flow.paths import ADDONS, LOGS


@pytest.fixture(scope="module")
def demo(make_db_module):
    return make_db_module("demo")


def test_demo_flag_is_set(demo):
    with databases.cursor(demo) as cr:
        cr.execute("SELECT name FROM ir_module_module WHERE name = ANY(%s) AND demo", [list(ADDONS)])
        assert {name for (name,) in cr.fetchall()} == set(ADDONS)


def test_no_demo_failure(demo):
    with databases.cursor(demo) as cr:
        cr.execute("SELECT error FROM ir_demo_failure")
        assert cr.fetchall() == []


def test_every_demo_file_left_records(demo):
    """Each addon that names demo files has records which exist only by them."""
    with_files = [addon for addon in ADDONS if databases.manifest(addon).get("demo")]
    assert with_files, "no addon has demo data"
    with databases.cursor(demo) as cr:
        cr.execute("SELECT DISTINCT module FROM ir_model_data WHERE module = ANY(%s) AND noupdate", [list(ADDONS)])
        assert {module for (module,) in cr.fetchall()} >= set(with_files)
        cr.execute("SELECT count(*) FROM dropship_supplier")
        assert cr.fetchone()[0] >= 6


@pytest.mark.parametrize("login", ["owner", "desk", "buyer", "agent", "accountant", "supplier", "customer"])
def test_every_role_can_log_in(demo, login):
    with databases.cursor(demo) as cr:
        cr.execute("SELECT active AND password IS NOT NULL FROM res_users WHERE login = %s", [login])
        assert cr.fetchone() == (True,)


def test_installation_logged_no_warning():
    log = LOGS / "template-demo.log"
    if not log.exists():
        pytest.skip("opt-in: the demo template was built on another machine")
    bad = [line for line in log.read_text(encoding="utf-8").splitlines() if " ERROR " in line or " CRITICAL " in line]
    assert bad == []
