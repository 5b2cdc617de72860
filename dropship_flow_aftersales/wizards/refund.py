import uuid
from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.addons.dropship_flow.models.exact import decimal
from odoo.exceptions import AccessError, UserError

from ..models.refund.words import REFUND_KINDS, line_name, sentences
from ..refunding import Ask, Wish

ZERO = Decimal(0)
BY_QTY = ("return", "refund_only", "not_shipped", "short", "cancelled_by_us", "refused_parcel")
WHOLE = ("goodwill", "freight_only", "paid_twice")
NOT_ARRIVED = ("not_shipped", "cancelled_by_us")
AGENT = "dropship_flow_aftersales.group_aftersales_agent"
MANAGER = "dropship_flow_aftersales.group_aftersales_manager"


class DropshipRefundWizard(models.TransientModel):
    """Choose what is refunded; what it comes to is shown by the same reckoning that does it."""

    _name = "dropship.refund.wizard"
    _description = "Refund an Order"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    return_id = fields.Many2one("dropship.return", string="Case", readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    kind = fields.Selection(REFUND_KINDS, required=True, default="return")
    line_ids = fields.One2many("dropship.refund.wizard.line", "wizard_id", string="Lines")
    amount = fields.Monetary(help="Taxes included. Empty for freight and double payments: all there is.")
    fee = fields.Float(string="Restocking Fee (%)")
    freight = fields.Selection(
        [("no", "None"), ("part", "By the share of the goods"), ("yes", "All that is left")],
        string="Freight to the Customer",
        default="no",
        required=True,
    )
    ours = fields.Boolean(string="Our Fault", help="No promotion is lost by it.")
    note = fields.Char(string="Why")
    key = fields.Char(required=True, readonly=True, default=lambda self: f"wizard {uuid.uuid4()}")
    refund_id = fields.Many2one("dropship.refund", readonly=True)
    by_line = fields.Boolean(compute="_compute_shape")
    by_qty = fields.Boolean(compute="_compute_shape")
    credit = fields.Monetary(string="Credited", compute="_compute_statement")
    money = fields.Monetary(string="Money Back", compute="_compute_statement")
    by_person = fields.Monetary(string="Paid by a Person", compute="_compute_statement")
    refused = fields.Text(string="Not Possible", compute="_compute_statement")
    warning = fields.Text(string="Worth Knowing", compute="_compute_statement")
    statement = fields.Html(compute="_compute_statement", sanitize=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the goods of the order are there to choose from."""
        wizards = super().create(vals_list)
        for wizard in wizards:
            if not wizard.line_ids:
                lines_sudo = wizard.order_id.sudo()._dropship_sold_lines()  # an agent chooses among all goods sold
                goods = lines_sudo.filtered(lambda line: line._dropship_refund_kind() in ("goods", "gift"))
                wizard.line_ids = [Command.create({"order_line_id": line.id}) for line in goods]
        return wizards

    @api.depends("kind")
    def _compute_shape(self):
        for wizard in self:
            wizard.by_line = wizard.kind not in WHOLE
            wizard.by_qty = wizard.kind in BY_QTY

    @api.depends(
        "kind", "amount", "fee", "freight", "ours", "line_ids.qty", "line_ids.percent", "line_ids.price",
        "line_ids.amount",
    )  # fmt: skip
    def _compute_statement(self):
        for wizard in self:
            order = wizard.order_id
            result = self.env["dropship.refund"]._propose(order, wizard._wish())
            wizard.credit = float(result.credit.total)
            wizard.money = float(result.money)
            wizard.by_person = float(result.person)
            wizard.refused = "\n".join(sentences(self.env, result.refused, order))
            wizard.warning = "\n".join(sentences(self.env, result.warnings, order))
            wizard.statement = wizard._statement(result)

    def _statement(self, result):
        """The calculation as a small table."""
        if result.refused:
            return False
        names = {tax.id: tax.name for tax in self.order_id.sudo().order_line.tax_ids.flatten_taxes_hierarchy()}
        return self.env["ir.qweb"]._render(
            "dropship_flow_aftersales.refund_statement",
            {
                "rows": list(self.env["dropship.refund"]._rows_shown(result)),
                "taxes": [(names.get(int(group), ""), tax) for group, tax in result.credit.taxes],
                "result": result,
                "ways": [(self._way_name(back.payment), back) for back in result.backs],
                "points": [(line_name(self.env, line), points) for line, points in result.points_back],
                "money": lambda amount: self.currency_id.format(float(amount)),
            },
        )

    def _way_name(self, key):
        """A payment in words."""
        kind, _space, number = key.partition(" ")
        if kind == "tx":
            transaction_sudo = self.env["payment.transaction"].sudo().browse(int(number))  # its name only
            return f"{transaction_sudo.provider_id.name} {transaction_sudo.reference}"
        if kind == "card":
            return self.env["sale.order.line"].sudo().browse(int(number)).name
        return key

    # --- what is asked ---

    def _wish(self):
        self.ensure_one()
        terms = {
            "freight": self.freight or "no",
            "ours": self.ours,
            "currency": self.currency_id.name or "",
            "stored": self.company_id.sudo().dropship_refund_stored or "last",  # every agent goes by the company's rule
        }
        amount = decimal(self.amount) if self.amount else None
        if self.kind in WHOLE:
            return Wish((Ask(self.kind, amount=amount),), **terms)
        asks = tuple(filter(None, (line._ask(self.kind, decimal(self.fee)) for line in self.line_ids)))
        return Wish(asks, **terms)

    # --- doing it ---

    def action_refund(self):
        """Give it, once, however often the button is pressed."""
        self.ensure_one()
        if not self.env.user.has_group(AGENT):
            raise AccessError(self.env._("Refunding needs the right Service Agent."))
        self.order_id.check_access("read")
        if not self.refund_id:
            if waits := self._stop_first():
                return waits
            self._check_limit()
            self.refund_id = self.env["dropship.refund"]._make(
                self.order_id, self._wish(), key=self.key, case=self.return_id, note=self.note, kind=self.kind
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "dropship.refund",
            "res_id": self.refund_id.id,
            "view_mode": "form",
        }

    def _check_limit(self):
        """Agents refund up to the company's amount; managers above."""
        limit = self.company_id.sudo().dropship_refund_limit  # the agent is told the limit by this refusal
        order = self.order_id
        limit = self.company_id.currency_id._convert(limit, order.currency_id, self.company_id, fields.Date.today())
        above = self.currency_id.compare_amounts(max(self.money, self.credit), limit) > 0
        if above and not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._(
                    "You can refund up to %s. Ask a service manager to do this one.", order.currency_id.format(limit)
                )
            )

    def _stop_first(self):
        """What nobody shall bring any more is stopped before its money goes back.

        :return: what to show while a supplier has still to answer; None: nothing is in the way
        """
        if self.kind not in NOT_ARRIVED:
            return None
        waits = False
        for line in self.line_ids.filtered("qty"):
            waits |= bool(line.order_line_id.sudo()._dropship_stop_units(decimal(line.qty)))  # as the desk asks
        if not waits:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("The supplier was asked to stop"),
                "message": self.env._("Refund once he has agreed. You find his answer under Changes Asked."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class DropshipRefundWizardLine(models.TransientModel):
    _name = "dropship.refund.wizard.line"
    _description = "Line of a Refund to Be"

    wizard_id = fields.Many2one("dropship.refund.wizard", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    kind = fields.Selection(related="wizard_id.kind")
    order_line_id = fields.Many2one("sale.order.line", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(related="order_line_id.product_id")
    sold = fields.Float(related="order_line_id.product_uom_qty", string="Sold")
    delivered = fields.Float(related="order_line_id.qty_delivered", string="Delivered")
    qty = fields.Float(string="Quantity", digits="Product Unit")
    percent = fields.Float()
    price = fields.Monetary(string="New Price")
    amount = fields.Monetary(help="Taxes included.")

    def _ask(self, kind, fee):
        """What is asked for the line; None: nothing."""
        self.ensure_one()
        figures = {name: decimal(self[name]) for name in ("qty", "percent", "price", "amount") if self[name]}
        if not figures:
            return None
        if kind in BY_QTY:
            qty, amount = figures.get("qty"), figures.get("amount")
            return Ask(kind, self.order_line_id.id, qty, amount=amount, fee=fee)
        return Ask(kind, self.order_line_id.id, **figures)

    @api.constrains("qty", "amount", "price", "percent")
    def _check_figures(self):
        for line in self:
            if min(line.qty, line.amount, line.price, line.percent) < 0:
                raise UserError(self.env._("Enter positive numbers only."))
