"""Indexes by which the collector finds what changed since it last looked, however long the history is.

Measured on 750,000 journal items with the 26 indexes the table has anyway, 10,000 rows at a time: inserting writes 5
% more log with the index (19.6 against 18.6 MB), changing 3 % more (18.9 against 18.3 MB); in time both are within
what two runs differ by (insert 1.43 s with, 1.54 s without; change 0.57 s with, 0.74 s without). It is 19 MB. Without
it the whole table is read each time. A block range index is 48 kB and of no use: an old item that is written anew
lies anywhere, and after some of them every range has a new row. The moves alone do not say it all: bills are matched,
and accounts changed, item by item.
"""

from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    _dropship_profit_changed = models.Index("(company_id, write_date)")


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    _dropship_profit_changed = models.Index("(company_id, write_date)")


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    _dropship_profit_changed = models.Index("(company_id, create_date)")


class SaleOrder(models.Model):
    _inherit = "sale.order"

    _dropship_profit_changed = models.Index("(company_id, write_date)")


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    _dropship_profit_changed = models.Index("(company_id, write_date)")


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    _dropship_profit_changed = models.Index("(company_id, write_date)")


class DropshipAllocation(models.Model):
    _inherit = "dropship.allocation"

    _dropship_profit_changed = models.Index("(company_id, write_date)")


class DropshipPaymentFee(models.Model):
    _inherit = "dropship.payment.fee"

    _dropship_profit_changed = models.Index("(company_id, write_date)")


class DropshipPayoutLine(models.Model):
    _inherit = "dropship.payout.line"

    _dropship_profit_changed = models.Index("(company_id, write_date)")
