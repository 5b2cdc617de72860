"""Which fapiao become of invoices and credit notes, and the other way round."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..fapiao import issue
from .exact import decimal
from .fapiao_order import STATES
from .fapiao_title import KINDS, SAID

CUSTOMERS = ("out_invoice", "out_refund")
LIVING = ("wanted", "exported", "issued", "red_needed", "red_exported", "red_issued")
OPEN = ("wanted", "red_needed", "cancelled")
TOLD = ("exported", "issued")


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
        documents_sudo = self.sudo().dropship_fapiao_ids
        if told := documents_sudo.filtered(lambda row: row.state not in OPEN):
            raise UserError(
                self.env._(
                    "%s is with the tax bureau. Take back what was issued with a credit note and its red letter.",
                    ", ".join(told.mapped("serial")),
                )
            )
        credits_sudo = self.sudo().filtered(lambda move: move.move_type == "out_refund" and move.state == "posted")
        others_sudo = documents_sudo.move_ids | credits_sudo._dropship_fapiao_origins()
        result = super().button_draft()
        if documents_sudo or others_sudo:
            documents_sudo._leave(self.sudo())
            others_sudo.filtered(lambda move: move.state == "posted")._dropship_fapiao_follow()
        return result

    def write(self, vals):
        """Override: a wish said later counts as well, until something was issued.

        :raise UserError: when it was
        """
        wish = {"dropship_fapiao_kind", "dropship_fapiao_title_id"} & vals.keys()
        if not wish:
            return super().write(vals)
        invoices_sudo = self.sudo().filtered(lambda move: move.move_type == "out_invoice")
        late = invoices_sudo.filtered(lambda move: move._dropship_fapiao_told() and move._dropship_fapiao_other(vals))
        if late:
            raise UserError(
                self.env._(
                    "The fapiao of %s is with the tax bureau already. Issue a red-letter one first, with a credit "
                    "note.",
                    ", ".join(late.mapped("name")),
                )
            )
        result = super().write(vals)
        moves_sudo = self.sudo().filtered(lambda move: move.move_type in CUSTOMERS and move.state == "posted")
        moves_sudo._dropship_fapiao_follow(again=True)
        return result

    def _dropship_fapiao_other(self, vals):
        """Whether values are another wish than the one of the invoice."""
        self.ensure_one()
        kind = vals.get("dropship_fapiao_kind", self.dropship_fapiao_kind) or "none"
        title = vals.get("dropship_fapiao_title_id", self.dropship_fapiao_title_id.id) or False
        return (kind, title) != (self.dropship_fapiao_kind or "none", self.dropship_fapiao_title_id.id)

    # ------------------------------------------------------------------
    # From invoices to fapiao
    # ------------------------------------------------------------------

    def _dropship_fapiao_told(self):
        """The fapiao of these the bureau knows."""
        return self.dropship_fapiao_ids.filtered(lambda row: not row.is_red and row.state in TOLD)

    def _dropship_fapiao_follow(self, again=False):
        """Bring the fapiao to issue in line with these posted invoices and credit notes.

        :param bool again: the wish changed: what is not with the bureau yet is made anew
        """
        moves = self.filtered(lambda move: move.move_type in CUSTOMERS and move.company_id._dropship_uses_fapiao())
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        credits = moves - invoices
        if again:
            old = invoices.filtered(lambda move: not move._dropship_fapiao_told()).dropship_fapiao_ids
            invoices |= old.move_ids.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted")
            old._drop()
        for credit in credits:
            credit._dropship_fapiao_inherit()
            invoices |= credit._dropship_fapiao_origins()
        over = invoices._dropship_fapiao_settle()
        for credit in credits if not again else ():
            if amount := sum(row.total for row in over.get(credit.id, ())):
                shown = credit.currency_id.format(float(amount))
                text = self.env._("%s of this credit was never on a fapiao: no red letter is needed for it.", shown)
                credit.message_post(body=text, message_type="notification", subtype_xmlid="mail.mt_note")

    def _dropship_fapiao_inherit(self):
        """The wish of the invoice holds for its credit: nothing is issued anew for it."""
        self.ensure_one()
        wish = self._dropship_fapiao_origins().filtered("dropship_fapiao_ids")[:1]
        if not wish or self.dropship_fapiao_kind not in (False, "none"):
            return
        super().write(  # pylint: disable=super-method-mismatch
            {
                "dropship_fapiao_kind": wish.dropship_fapiao_kind,
                "dropship_fapiao_title_id": wish.dropship_fapiao_title_id.id,
            }
        )

    def _dropship_fapiao_create(self, rows, **vals):
        """One fapiao of rows, their `key` is the id of the line they come from."""
        self.ensure_one()
        return self.env["dropship.fapiao"].create(
            {
                **self._dropship_fapiao_head(),
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "partner_id": self.commercial_partner_id.id,
                "kind": self.dropship_fapiao_kind,
                "line_ids": self.env["account.move.line"]._dropship_fapiao_lines(rows),
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
        """The lines of invoices, and of credit notes as what comes back, as `fapiao.issue.Row`."""
        rows = []
        for line in self.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            amount, total = decimal(line.price_subtotal), decimal(line.price_total)
            if total:
                goods, rate = line._dropship_fapiao_goods(), line._dropship_fapiao_rate()
                quantity = decimal(0 if line._dropship_fapiao_reduced() else line.quantity)
                rows.append(issue.Row(goods, quantity, amount, total - amount, rate))
        return issue.across(issue.net(rows))

    # ------------------------------------------------------------------
    # Credit notes
    # ------------------------------------------------------------------

    def _dropship_fapiao_origins(self):
        """The posted invoices credit notes take back: said by themselves, else those of the same sold lines."""
        found = self.reversed_entry_id
        loose = self.filtered(lambda credit: not credit.reversed_entry_id)
        found |= loose.invoice_line_ids.sale_line_ids.invoice_lines.move_id
        return found.filtered(lambda move: move.move_type == "out_invoice" and move.state == "posted").sorted("id")
