from odoo import SUPERUSER_ID
from odoo.api import Environment


def migrate(cr, version):
    """Purchases that are open, or were bought in the last year, are matched with their bills."""
    env = Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """SELECT id FROM purchase_order
            WHERE dropship_warehouse_id IS NOT NULL AND state IN ('purchase', 'done')
              AND (invoice_status <> 'invoiced' OR date_order > now() - interval '1 year')"""
    )
    env["dropship.bill.match"]._moved([row[0] for row in cr.fetchall()])
