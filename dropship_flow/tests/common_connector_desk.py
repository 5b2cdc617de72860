"""The supplier's page for the contract suite: the mail only says that something waits there."""

from contextlib import contextmanager

SECRET = "s3cret-canary-link"
CARRIES = {"order", "cancel", "change"}
# The order itself stays on the page.
TELLS = ()


@contextmanager
def connector_fixtures_desk(case):
    """(connection, nothing)"""
    case.rhein.partner_id.email = "orders@rhein.example"
    connection = case.env["dropship.connection"].create(
        {"name": "Page", "kind": "desk", "company_id": case.env.company.id, "rate": 1000}
    )
    yield connection, None
