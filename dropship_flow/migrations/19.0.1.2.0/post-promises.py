from odoo import SUPERUSER_ID
from odoo.api import Environment


def migrate(cr, version):
    """What was accepted before there was a day to ship by gets one: its lateness is watched like that of the rest."""
    env = Environment(cr, SUPERUSER_ID, {})
    domain = [("state", "=", "accepted"), ("accepted_at", "!=", False), ("ship_by", "=", False)]
    env["dropship.allocation"].search(domain)._promise()
