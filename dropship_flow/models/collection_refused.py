"""Refused at the door (拒收): no income. What was invoiced of the parcel is credited, what was not is not invoiced."""

import logging

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import float_compare
from psycopg2 import OperationalError

from ..billing.due import GOODS
from .reason_text import FLOW_REASONS, _lt

_logger = logging.getLogger(__name__)
FLOW_REASONS.update({"not_credited": _lt("%(order)s was refused, and its invoice could not be credited: %(error)s")})


class DropshipCollection(models.Model):
    _inherit = "dropship.collection"

    @api.model
    def _cron_collections(self, limit=200):
        """Credit what was refused, an order at a time; one that fails is a person's and stops no other."""
        rows = self.search([("credit_check", "=", True), ("state", "=", "refused")], order="id", limit=limit)
        for order, mine in rows.grouped("order_id").items():
            try:
                with self.env.cr.savepoint():
                    mine.try_lock_for_update()._credit()
            except (OperationalError, ConcurrencyError):
                raise
            except Exception as error:
                self.env.invalidate_all()
                if not isinstance(error, UserError):
                    _logger.exception("The refused parcels of order %s cannot be credited", order.id)
                mine._not_credited(error)
            self.env["ir.cron"]._commit_progress(len(mine))

    def _not_credited(self, error):
        self.credit_check = False
        order = self.order_id
        row = order.dropship_allocation_ids[:1]
        params = {"order": order.name, "error": str(error) or type(error).__name__}
        self.env["dropship.exception"].sudo()._raise(row, "not_credited", [["not_credited", params]])

    def _credit(self):
        """Credit the goods of these parcels by core's credit notes, and settle them against their invoices.

        :return: the credit notes
        """
        refused = self.filtered(lambda row: row.state == "refused" and not row.credited)
        if not refused:
            return self.env["account.move"]
        order = refused.order_id
        refused.write({"credit_check": False, "credited": True})  # written: of two the second is turned away
        invoices = order.invoice_ids.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted")
        if not invoices:
            return invoices
        quantities, share = refused._refused_units(), refused._refused_share()
        notes = invoices.sudo()._reverse_moves(
            [{"ref": self.env._("Refused: %s", ", ".join(refused.shipment_id.mapped("number")))} for _one in invoices]
        )
        for note in notes:
            note._dropship_keep_refused(order, quantities, share)
        notes.filtered(
            lambda note: not note.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        ).unlink()
        notes = notes.exists()
        notes.action_post()
        invoices._dropship_settle(notes.line_ids)
        return notes

    def _refused_units(self):
        """{sale line: units in these parcels, in the line's unit}; components of kits as the kit's share."""
        units = {}
        for line in self.shipment_id.line_ids.filtered(lambda line: not line.is_part):
            sale = line.sale_line_id
            if sale.order_id not in self.order_id or line.purchase_line_id.order_id not in self.purchase_id:
                continue
            if line.product_id == sale.product_id:
                qty = line.product_id.uom_id._compute_quantity(line.qty, sale.product_uom_id, round=False)
            else:
                value = float(line._collect_value())
                qty = sale.product_uom_qty * value / sale.price_total if sale.price_total else 0.0
            units[sale] = units.get(sale, 0.0) + qty
        return units

    def _refused_share(self):
        """How much of what the order was to bring these parcels were to bring: charges and discounts go with it."""
        rows = self.order_id.dropship_collection_ids.filtered(lambda row: row.state != "cancelled")
        whole = sum(rows.mapped("amount"))
        return sum(self.mapped("amount")) / whole if whole else 1.0


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dropship_keep_refused(self, order, quantities, share):
        """Cut a credit note made of a whole invoice down to what was refused."""
        self.ensure_one()
        for line in self.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            sale = line.sale_line_ids.filtered(lambda one: one.order_id == order)[:1]
            if not sale:
                line.unlink()
                continue
            wanted = quantities.get(sale)
            if sale.product_id.type == "consu" and wanted is None:
                line.unlink()
                continue
            if wanted is None:
                wanted = line.quantity * share
            quantity = min(wanted, line.quantity)
            if sale in quantities:
                quantities[sale] -= quantity
            if float_compare(quantity, 0.0, precision_digits=6) <= 0:
                line.unlink()
            elif quantity != line.quantity:
                line.quantity = quantity

    def _dropship_settle(self, lines):
        """Reconcile these invoices with other lines of the same customers and accounts, as core does."""
        for invoice in self:
            owed = invoice.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
            )
            for account, mine in owed.grouped("account_id").items():
                others = lines.filtered(
                    lambda line, account=account, invoice=invoice: line.account_id == account
                    and line.partner_id.commercial_partner_id == invoice.commercial_partner_id
                    and line.parent_state == "posted" and not line.reconciled
                )  # fmt: skip
                if others:
                    (mine + others).reconcile()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _dropship_invoice_rows(self, when):
        """Override: what was refused at the door is not invoiced; what came back physically is counted by core."""
        rows = super()._dropship_invoice_rows(when)
        refused = self.dropship_collection_ids.filtered(lambda row: row.state == "refused")
        if not refused:
            return rows
        away = refused._refused_units()
        for line in away:
            back = line.move_ids.filtered(lambda move: move.state == "done" and move.origin_returned_move_id)
            away[line] = max(away[line] - sum(back.mapped("quantity")), 0.0)
        by_id = {line.id: qty for line, qty in away.items()}
        return [
            row._replace(reached=max(row.reached - by_id.get(row.key, 0.0), 0.0)) if row.kind == GOODS else row
            for row in rows
        ]


class DropshipException(models.Model):
    _inherit = "dropship.exception"

    @api.model
    def _exception_kinds(self):
        """Override: a credit note the shop's rule could not make."""
        return [*super()._exception_kinds(), ("not_credited", self.env._("Refused, but not credited"))]

    @api.model
    def _verbs(self):
        """Override: once the reason is gone, it is tried again."""
        return {**super()._verbs(), "not_credited": ["action_credit_again", "action_done"]}

    @api.model
    def _verb_titles(self):
        """Override: see _verbs."""
        return {**super()._verb_titles(), "action_credit_again": self.env._("Credit Again")}

    def action_credit_again(self):
        """Look at the order again with the next round."""
        self.check_access("write")
        for exception in self.filtered(lambda one: one.kind == "not_credited" and one.state == "open"):
            rows_sudo = exception.order_id.sudo().dropship_collection_ids
            rows_sudo.filtered(lambda row: row.state == "refused" and not row.credited).credit_check = True
            exception._set_state("solved", solution=self.env._("Tried again"))
        self.env.ref("dropship_flow.cron_collections").sudo()._trigger()
        return True
