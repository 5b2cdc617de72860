from decimal import Decimal

from markupsafe import Markup
from odoo import Command, api, fields, models
from odoo.addons.dropship_flow.models.exact import trimmed
from odoo.exceptions import UserError

from ..models.board.drafts import WITH_MONEY
from ..models.case.words import OUTCOMES
from ..models.remedies.choice import CHOSEN

AFTER = [
    ("now", "At once"),
    ("sent", "Once the goods are on their way"),
    ("received", "Once the goods are here"),
    ("inspected", "Once the goods were inspected"),
]
ROW = Markup('<tr><td>{}</td><td class="text-end">{}</td></tr>')
WARNING = Markup('<div class="text-warning"><i class="fa fa-exclamation-triangle me-1" role="img"></i>{}</div>')
REFUSED = Markup('<div class="text-danger"><i class="fa fa-ban me-1" role="img"></i>{}</div>')


class DropshipReturnPropose(models.TransientModel):
    """Make the customer an offer, or give what he asked for; what it comes to is shown before."""

    _name = "dropship.return.propose"
    _description = "Offer in a Case"
    _inherit = ["dropship.return.words"]

    return_id = fields.Many2one("dropship.return", string="Case", required=True, readonly=True)
    currency_id = fields.Many2one(related="return_id.currency_id")
    partner_id = fields.Many2one(related="return_id.partner_id")
    mode = fields.Selection([("offer", "Offer"), ("accept", "Accept")], required=True, default="offer")
    kind = fields.Selection(OUTCOMES, string="Customer Gets", required=True)
    line_ids = fields.One2many("dropship.return.propose.line", "propose_id", string="Lines")
    money_by = fields.Selection(
        [("calculated", "As calculated"), ("percent", "Percent of the price"), ("amount", "An amount")],
        string="Money",
        default="calculated",
        required=True,
    )
    percent = fields.Float()
    amount = fields.Monetary()
    destination = fields.Selection(
        [("stay", "They stay where they are"), ("supplier", "To the supplier"), ("us", "To us")],
        string="Goods",
        default="stay",
        required=True,
    )
    after = fields.Selection(AFTER, string="Carried Out When", default="now", required=True)
    has_money = fields.Boolean(compute="_compute_has_money")
    calculation = fields.Html(compute="_compute_calculation", sanitize=False)
    is_refused = fields.Boolean(compute="_compute_calculation")

    @api.model
    def _open(self, case, mode):
        lines = [
            Command.create({"return_line_id": line.id, "qty": line.qty, "exchange_id": line.instead_id.id})
            for line in case.line_ids
        ]
        kind = case._wished() or ("return" if mode == "accept" else "keep")
        wizard = self.create({"return_id": case.id, "mode": mode, "kind": kind, "line_ids": lines})
        wizard._onchange_kind()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept %s", case.name) if mode == "accept" else self.env._("Offer for %s", case.name),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.depends("kind")
    def _compute_has_money(self):
        for wizard in self:
            wizard.has_money = wizard.kind in WITH_MONEY

    @api.onchange("kind")
    def _onchange_kind(self):
        """Place, order and money as the policy has them for this outcome."""
        if not self.kind:
            return
        drafted = self.return_id._draft_offer(self.kind)
        self.destination = drafted.to or "stay"
        self.after = drafted.after or "now"
        if drafted.amount is not None:
            self.money_by, self.amount = "amount", float(drafted.amount)
        elif self.kind == "keep":
            self.money_by, self.percent = "percent", self.percent or 20.0
        else:
            self.money_by = "calculated"

    def _pieces(self):
        """{dropship.return.line: Decimal} chosen."""
        chosen = self.line_ids.filtered(lambda row: row.qty > 0)
        return {row.return_line_id: trimmed(row.qty) for row in chosen}

    def _money(self):
        """The amount agreed on; None: as calculated."""
        if not self.has_money or self.money_by == "calculated":
            return None
        if self.money_by == "amount":
            return Decimal(str(self.currency_id.round(self.amount)))
        worth = sum(row.qty * row.price for row in self.line_ids)
        return Decimal(str(self.currency_id.round(worth * self.percent / 100)))

    def _offer(self):
        """What the form says, as `casework.Offer`."""
        offer = self.return_id._draft_offer(self.kind, self._pieces(), self._money())
        code = CHOSEN.get(self.kind)
        chosen = tuple(
            (code, {"line": row.return_line_id.id, "product": product.id})
            for row in self.line_ids.filtered(lambda row: code and row.qty > 0)
            if (product := row._instead())
        )
        said = {figures["line"] for _code, figures in chosen}
        others = tuple(one for one in offer.conditions if one[0] != code or one[1].get("line") not in said)
        return offer._replace(
            amount=self._money(),
            to="" if self.destination == "stay" else self.destination,
            after="" if self.after == "now" else self.after,
            conditions=(*others, *chosen),
        )

    def _check(self):
        self.ensure_one()
        if not self._pieces():
            raise UserError(self.env._("Say how many pieces it is about."))
        if any(row.qty < 0 or row.qty > row.return_line_id.qty for row in self.line_ids):
            raise UserError(self.env._("Not more than the customer asks for."))
        if self.kind == "spare_part" and any(row.qty > 0 and row._is_open() for row in self.line_ids):
            raise UserError(self.env._("Choose which part is sent."))
        if self.has_money and self.money_by == "percent" and not 0 < self.percent <= 100:
            raise UserError(self.env._("The percent are between 0 and 100."))
        if self.has_money and self.money_by == "amount" and self.amount <= 0:
            raise UserError(self.env._("The amount is more than nothing. For nothing, choose that outcome."))
        if self.after != "now" and self.destination == "stay":
            raise UserError(self.env._("Goods that stay never arrive: carry it out at once, or say where they go."))

    # ------------------------------------------------------------------
    # What it comes to
    # ------------------------------------------------------------------

    @api.depends(
        "kind", "money_by", "percent", "amount", "destination", "after", "line_ids.qty", "line_ids.exchange_id"
    )
    @api.depends_context("lang")
    def _compute_calculation(self):
        for wizard in self:
            wizard.calculation, wizard.is_refused = False, False
            case = wizard.return_id._origin
            if not case or not wizard._pieces():
                continue
            quote = case._quote(wizard._offer())
            wizard.is_refused = bool(quote.get("refused"))
            wizard.calculation = self._statement_of(case, quote, wizard._money())

    @api.model
    def _statement_of(self, case, quote, money):
        """A calculation as a small statement; what to know and what stands against it is under it.

        :param dict quote: the answer of `_quote`
        :param Decimal money: the amount agreed on, or None
        """
        currency = case.currency_id
        figures = [
            (self.env._("Money back"), quote.get("money") if quote else money),
            (self.env._("Store credit"), quote.get("credit")),
            (self.env._("Paid out by hand"), quote.get("by_person")),
        ]
        rows = [row for line in quote.get("lines", ()) for row in self._rows_of(line)]
        rows += [figure for figure in figures if figure[1]]
        rows = Markup("").join(ROW.format(title, currency.format(float(amount or 0))) for title, amount in rows)
        table = Markup('<table class="table table-sm mb-1">{}</table>').format(rows) if rows else Markup("")
        notes = [WARNING.format(sentence) for sentence in quote.get("warnings") or ()]
        notes += [REFUSED.format(sentence) for sentence in quote.get("refused") or ()]
        return table + Markup("").join(notes)

    @api.model
    def _rows_of(self, line):
        """[(what, amount)] of a line of the calculation: what it comes to, and the fee that is taken off."""
        qty = f"{line['qty']:g} ×" if line.get("qty") else ""
        yield " ".join(filter(None, [line["kind"], qty, line["name"]])), line["total"]
        if line.get("fee"):
            yield self.env._("Fee taken off"), -line["fee"]

    # ------------------------------------------------------------------
    # Doing it
    # ------------------------------------------------------------------

    def action_send(self):
        """Record the offer, or what was granted."""
        self._check()
        case_sudo = self.return_id._agent_sudo()
        offer = self._offer()
        refused = self.return_id._quote(offer).get("refused")
        if refused:
            raise UserError("\n".join(refused))
        case_sudo._record(self.mode, "agent", text=(self.message or "").strip(), offer=offer)
        return {"type": "ir.actions.act_window_close"}


class DropshipReturnProposeLine(models.TransientModel):
    _name = "dropship.return.propose.line"
    _description = "Line of an Offer in a Case"

    propose_id = fields.Many2one("dropship.return.propose", required=True, ondelete="cascade")
    kind = fields.Selection(related="propose_id.kind")
    return_line_id = fields.Many2one("dropship.return.line", required=True, readonly=True)
    product_id = fields.Many2one(related="return_line_id.product_id")
    currency_id = fields.Many2one(related="return_line_id.currency_id")
    asked = fields.Float(related="return_line_id.qty", string="Asked")
    price = fields.Monetary(compute="_compute_price", string="Price Paid")
    qty = fields.Float(string="Pieces", digits="Product Unit")
    exchange_id = fields.Many2one("product.product", string="Exchange For")
    choice_ids = fields.Many2many("product.product", compute="_compute_choice_ids")

    def _instead(self):
        """What goes out for it: nothing chosen in an exchange is the same again."""
        self.ensure_one()
        return self.exchange_id or (self.kind == "exchange" and self.product_id) or self.exchange_id

    def _is_open(self):
        """Whether there is a choice that was not made."""
        self.ensure_one()
        return not self.exchange_id and len(self.choice_ids) > 1

    @api.depends("kind", "return_line_id")
    def _compute_choice_ids(self):
        for row in self:
            row.choice_ids = row.return_line_id._instead_choices(row.kind)

    @api.depends("return_line_id")
    def _compute_price(self):
        for row in self:
            row.price = row.sudo().return_line_id.order_line_id.price_reduce_taxinc  # agents see what was paid
