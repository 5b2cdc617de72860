"""Which fapiao become of invoices and credit notes, and the other way round."""

from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..fapiao import issue
from .fapiao_order import STATES
from .fapiao_title import KINDS, SAID

CUSTOMERS = ("out_invoice", "out_refund")
LIVING = ("wanted", "exported", "issued", "red_needed", "red_exported", "red_issued")


def decimal(value):
    return Decimal(repr(round(value, 10)))


class AccountMove(models.Model):
    _inherit = "account.move"

    dropship_fapiao_kind = fields.Selection(
        KINDS, string="Fapiao", default="none", copy=False, groups="base.group_user"
    )
    dropship_fapiao_title_id = fields.Many2one(
        "dropship.fapiao.title",
        string="Fapiao Title",
        copy=False,
        check_company=True,
        domain="[('partner_id', '=', commercial_partner_id), ('company_id', '=', company_id)]",
        groups="base.group_user",
        help="Empty: an ordinary fapiao with the customer's name.",
    )
    dropship_fapiao_ids = fields.Many2many(
        "dropship.fapiao",
        "dropship_fapiao_move_rel",
        "move_id",
        "fapiao_id",
        string="Fapiao Documents",
        copy=False,
        readonly=True,
        groups="base.group_user",
    )
    dropship_fapiao_state = fields.Selection(
        STATES,
        string="Fapiao State",
        compute="_compute_dropship_fapiao_state",
        store=True,
        copy=False,
        groups="base.group_user",
    )
    dropship_fapiao_numbers = fields.Char(
        string="Fapiao Number", compute="_compute_dropship_fapiao_numbers", groups="base.group_user"
    )
    dropship_fapiao_shown = fields.Boolean(compute="_compute_dropship_fapiao_shown", groups="base.group_user")

    @api.depends("move_type", "company_id")
    def _compute_dropship_fapiao_shown(self):
        for move in self:
            move.dropship_fapiao_shown = move.move_type in CUSTOMERS and move.company_id._dropship_uses_fapiao()

    @api.depends("dropship_fapiao_ids.state")
    def _compute_dropship_fapiao_state(self):
        ranks = [state for state, _label in STATES]
        for move in self:
            # Several where the amount was too much for one: the one that is behind counts.
            red = move.move_type == "out_refund"
            states = move.dropship_fapiao_ids.filtered(
                lambda row, red=red: row.state in LIVING and (row.is_red == red or not red)
            ).mapped("state")
            states = [state for state in states if red or not state.startswith("red")]
            move.dropship_fapiao_state = min(states, key=ranks.index) if states else "none"

    @api.depends("dropship_fapiao_ids.number")
    def _compute_dropship_fapiao_numbers(self):
        for move in self:
            move.dropship_fapiao_numbers = ", ".join(filter(None, move.dropship_fapiao_ids.mapped("number"))) or False

    # ------------------------------------------------------------------
    # Life
    # ------------------------------------------------------------------

    def _post(self, soft=True):
        """Override: what is posted is to be issued where the customer wants a fapiao."""
        posted = super()._post(soft=soft)
        posted.filtered(lambda move: move.move_type in CUSTOMERS).sudo()._dropship_fapiao_follow()
        return posted

    def button_draft(self):
        """Override: what the tax bureau knows is not taken back by a click."""
        open_states = ("wanted", "red_needed", "cancelled")
        told = self.sudo().dropship_fapiao_ids.filtered(lambda row: row.state not in open_states)
        if told:
            raise UserError(
                self.env._(
                    "%s is with the tax bureau. Take back what was issued with a credit note and its red letter.",
                    ", ".join(told.mapped("serial")),
                )
            )
        result = super().button_draft()
        self.sudo().dropship_fapiao_ids._drop()
        return result

    def write(self, vals):
        """Override: a wish said later counts as well, until something was issued."""
        wish = {"dropship_fapiao_kind", "dropship_fapiao_title_id"} & vals.keys()
        result = super().write(vals)
        if wish:
            moves_sudo = self.sudo().filtered(lambda move: move.move_type in CUSTOMERS and move.state == "posted")
            moves_sudo._dropship_fapiao_follow(again=True)
        return result

    # ------------------------------------------------------------------
    # From invoices to fapiao
    # ------------------------------------------------------------------

    def _dropship_fapiao_follow(self, again=False):
        """Bring the fapiao to issue in line with these posted invoices and credit notes.

        :param bool again: the wish changed: what is not with the bureau yet is made anew
        """
        for move in self.filtered(lambda move: move.company_id._dropship_uses_fapiao()):
            if move.move_type == "out_refund":
                move._dropship_fapiao_credit()
            elif again or not move.dropship_fapiao_ids:
                move._dropship_fapiao_invoice()

    def _dropship_fapiao_invoice(self):
        """The fapiao of an invoice, what was credited before taken out. Nothing changes once the bureau knows one."""
        self.ensure_one()
        documents = self.dropship_fapiao_ids
        if any(row.state not in ("wanted", "cancelled") for row in documents):
            return
        credits = documents.move_ids.filtered(lambda move: move.move_type == "out_refund" and move.state == "posted")
        merged = documents.move_ids.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted")
        documents._drop()
        for invoice in merged | self:
            mine = credits.filtered(lambda credit, invoice=invoice: invoice in credit._dropship_fapiao_origins())
            invoice._dropship_fapiao_make(mine)

    def _dropship_fapiao_make(self, credits):
        """Make the fapiao to issue of one invoice less these credit notes."""
        self.ensure_one()
        if self.dropship_fapiao_kind in (False, "none"):
            return
        rows = issue.net((self | credits)._dropship_fapiao_rows())
        company = self.company_id
        limit = decimal(company.dropship_fapiao_limit) if company.dropship_fapiao_limit else None
        for sheet in issue.documents(rows, limit, company.dropship_fapiao_by_rate):
            self._dropship_fapiao_create(sheet, move_ids=[(6, 0, (self | credits).ids)])

    def _dropship_fapiao_create(self, rows, **vals):
        """One fapiao of rows; the second part of their `key` is the id of the line they come from."""
        self.ensure_one()
        lines = self.env["account.move.line"].browse([row.key[1] for row in rows])
        head = self._dropship_fapiao_head()
        return self.env["dropship.fapiao"].create(
            {
                **head,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "partner_id": self.commercial_partner_id.id,
                "kind": self.dropship_fapiao_kind,
                "line_ids": [(0, 0, line._dropship_fapiao_line(row)) for line, row in zip(lines, rows, strict=True)],
                **vals,
            }
        )

    def _dropship_fapiao_head(self):
        """Whom it is for, in the words of now: a title that changes later changes nothing that was issued."""
        self.ensure_one()
        title = self.dropship_fapiao_title_id
        if title:
            return {"who": title.who, "title": title.name, **{name: title[name] for name in SAID[1:]}}
        if self.dropship_fapiao_kind == "special":
            return {"who": "company", "title": False}
        partner = self.commercial_partner_id
        return {"who": "person", "title": self.partner_id.name or partner.name, "email": self.partner_id.email}

    def _dropship_fapiao_rows(self):
        """The lines of invoices and credit notes (below zero) as `fapiao.issue.Row`."""
        rows = []
        for line in self.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            sign = -1 if line.move_id.move_type == "out_refund" else 1
            amount, total = decimal(line.price_subtotal), decimal(line.price_total)
            if not total:
                continue
            taxes = line.tax_ids.flatten_taxes_hierarchy()
            rate = decimal(sum(tax.amount for tax in taxes if tax.amount_type == "percent"))
            sold = line.sale_line_ids[:1]
            goods = ("sale", sold.id) if sold else ("product", line.product_id.id, decimal(line.price_unit))
            quantity = decimal(line.quantity)
            rows.append(issue.Row((goods, line.id), sign * quantity, sign * amount, sign * (total - amount), rate))
        # The first line of the same goods stands for all of them, on the credit note as well.
        first = {}
        return [replace(row, key=(row.key[0], first.setdefault((row.key[0], row.rate), row.key[1]))) for row in rows]

    # ------------------------------------------------------------------
    # Credit notes
    # ------------------------------------------------------------------

    def _dropship_fapiao_origins(self):
        """The invoices a credit note takes back: said by itself, else those of the same sold lines."""
        self.ensure_one()
        if self.reversed_entry_id:
            return self.reversed_entry_id
        return self.invoice_line_ids.sale_line_ids.invoice_lines.move_id.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        ).sorted("id")

    def _dropship_fapiao_credit(self):
        """A credit lowers what is still to issue; of what the bureau knows, red letters are needed."""
        self.ensure_one()
        origins = self._dropship_fapiao_origins()
        documents = origins.dropship_fapiao_ids.filtered(lambda row: not row.is_red and row.state in LIVING)
        if self.dropship_fapiao_ids or not documents:
            return
        if self.dropship_fapiao_kind in (False, "none"):
            wish = origins.filtered(lambda move: move.dropship_fapiao_ids)[:1]
            # The wish of the invoice holds for its credit: nothing is issued anew for it.
            super().write(  # pylint: disable=super-method-mismatch
                {
                    "dropship_fapiao_kind": wish.dropship_fapiao_kind,
                    "dropship_fapiao_title_id": wish.dropship_fapiao_title_id.id,
                }
            )
        open_documents = documents.filtered(lambda row: row.state == "wanted")
        if open_documents == documents:
            documents._lock()
            invoices = documents.move_ids.filtered(lambda move: move.move_type == "out_invoice")
            credits = (documents.move_ids - invoices) | self
            documents._drop()
            for invoice in invoices:
                mine = credits.filtered(lambda credit, invoice=invoice: invoice in credit._dropship_fapiao_origins())
                invoice._dropship_fapiao_make(mine)
            return
        (documents - open_documents)._red(self)
