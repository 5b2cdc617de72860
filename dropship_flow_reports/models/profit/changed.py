"""Indexes by which the collector finds what changed since it last looked, however long the history is."""

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
