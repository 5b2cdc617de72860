"""Cash on delivery (代收货款): how much of an order is collected with which parcel, to the cent."""

from decimal import Decimal

from odoo import api, fields, models

from ..collecting import share
from ..sheets import carriers
from .exact import decimal
from .reason_text import FLOW_REASONS, _lt

MONEY = (
    "dropship_flow.group_dropship_user,account.group_account_invoice,account.group_account_readonly,"
    "sales_team.group_sale_salesman"
)
LEFT = ("out", "delivered", "remitted", "refused")
FLOW_REASONS.update(
    {
        "collect_changed": _lt(
            "%(supplier)s has %(purchase)s already: tell him to collect %(new)s on delivery instead of %(old)s."
        ),
    }
)


class DropshipCollection(models.Model):
    """What the carrier of a parcel collects for an order. Planned per purchase, then one row for each box that left.

    The rows of an order add up to what its customer has to pay at the door. What left keeps its amount; what changes
    afterwards is shared by what has not left.
    """

    _name = "dropship.collection"
    _description = "Cash on Delivery"
    _inherit = ["dropship.state.mixin"]
    _order = "id desc"

    _transitions = frozenset(
        {
            ("planned", "out"), ("planned", "cancelled"), ("out", "planned"), ("out", "cancelled"),
            ("out", "delivered"), ("out", "refused"), ("out", "remitted"), ("delivered", "refused"),
            ("delivered", "out"), ("delivered", "remitted"), ("refused", "out"), ("refused", "delivered"),
            ("refused", "remitted"),
        }
    )  # fmt: skip

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True, readonly=True)
    purchase_id = fields.Many2one(
        "purchase.order", ondelete="cascade", index="btree_not_null", readonly=True, help="Empty: from our own stock."
    )
    shipment_id = fields.Many2one(
        "dropship.shipment", string="Parcel", ondelete="restrict", index="btree_not_null", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    carrier_code = fields.Char(related="shipment_id.carrier_code", store=True, index="btree_not_null")
    carrier_name = fields.Char(related="shipment_id.carrier_name", string="Carrier as Written", store=True)
    carrier_title = fields.Char(string="Carrier", compute="_compute_carrier_title")
    amount = fields.Monetary(string="To Collect", required=True, readonly=True)
    state = fields.Selection(
        [
            ("planned", "To Ship"),
            ("out", "On the Way"),
            ("delivered", "Carrier Owes"),
            ("remitted", "Received"),
            ("refused", "Not Collected"),
            ("cancelled", "Cancelled"),
        ],
        default="planned",
        required=True,
        readonly=True,
        index=True,
    )
    expected = fields.Monetary(
        compute="_compute_expected", store=True, help="What the carrier still has to hand over."
    )
    delivered_at = fields.Datetime(string="Delivered On", readonly=True)
    days = fields.Integer(compute="_compute_days", help="How long the carrier has had the money.")
    received = fields.Monetary(readonly=True, help="What the carrier says he collected.")
    fee = fields.Monetary(readonly=True, help="What he kept of it.")
    received_on = fields.Date(readonly=True)
    difference = fields.Monetary(compute="_compute_expected", store=True)
    payment_id = fields.Many2one("account.payment", readonly=True, ondelete="restrict", index="btree_not_null")
    credited = fields.Boolean(readonly=True, help="What was invoiced of a refused parcel is credited.")
    credit_check = fields.Boolean(readonly=True, help="Refused: look whether something has to be credited.")
    freight_lost = fields.Monetary(
        string="Freight Both Ways", compute="_compute_freight_lost", currency_field="company_currency_id",
        help="What the way out and back of a refused parcel costs us.",
    )  # fmt: skip
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the Company")

    _once = models.UniqueIndex(
        "(order_id, COALESCE(purchase_id, 0), COALESCE(shipment_id, 0)) WHERE state <> 'cancelled'",
        "This is collected already.",
    )
    _amount_positive = models.Constraint("CHECK (amount >= 0 AND fee >= 0)", "Amounts to collect are not negative.")
    _owed = models.Index("(company_id, carrier_code, delivered_at) WHERE state = 'delivered'")
    _credit = models.Index("(id) WHERE credit_check")

    @api.depends("order_id.name", "shipment_id.number", "purchase_id")
    def _compute_display_name(self):
        for row in self:
            row_sudo = row.sudo()  # the name of a purchase is no secret to who may read the order's money
            row.display_name = f"{row_sudo.order_id.name} · {row_sudo.shipment_id.number or row_sudo.purchase_id.name}"

    @api.depends("carrier_code", "carrier_name")
    @api.depends_context("lang")
    def _compute_carrier_title(self):
        for row in self:
            known = carriers.name_of(row.carrier_code or "", self.env.lang or "en_US")
            row.carrier_title = known or row.carrier_name or False

    @api.depends("amount", "state", "received")
    def _compute_expected(self):
        for row in self:
            row.expected = row.amount if row.state in ("out", "delivered") else 0.0
            row.difference = row.received - row.amount if row.state == "remitted" else 0.0

    @api.depends("delivered_at", "state")
    def _compute_days(self):
        now = fields.Datetime.now()
        for row in self:
            row.days = (now - row.delivered_at).days if row.state == "delivered" and row.delivered_at else 0

    @api.depends("shipment_id", "state")
    def _compute_freight_lost(self):
        facts = self._freight_facts()
        for row in self:
            row.freight_lost = facts.get(row.id, 0.0)

    def _freight_facts(self):
        """What both ways of refused parcels cost us: {row id: amount, company currency}. Cost facts for reports."""
        rows_sudo = self.sudo().filtered(lambda row: row.state == "refused" and row.shipment_id)
        backs = rows_sudo.shipment_id.back_ids.filtered(lambda back: back.state != "cancelled").grouped("shipment_id")
        result = {}
        for shipment, mine in rows_sudo.grouped("shipment_id").items():
            back = backs.get(shipment)
            ways = [(back.freight_out, back.freight_out_payer), (back.freight_back, back.freight_back_payer)] if back \
                else []  # fmt: skip
            lost = decimal(sum(amount for amount, payer in ways if payer == "us"))
            step = decimal(shipment.company_id.currency_id.rounding)
            parts = share(lost, [decimal(row.amount) for row in mine], step)
            result |= {row.id: float(part) for row, part in zip(mine, parts, strict=True)}
        return result

    def action_open_parcel(self):
        self.ensure_one()
        return self.shipment_id.get_formview_action() if self.shipment_id else self.order_id.get_formview_action()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_collect = fields.Boolean(
        string="Cash on Delivery",
        compute="_compute_dropship_collect",
        store=True,
        readonly=False,
        copy=False,
        groups="base.group_user",
        help="The carrier collects what is not paid yet. Suppliers are told how much.",
    )
    dropship_collection_ids = fields.One2many(
        "dropship.collection", "order_id", string="Collected on Delivery", copy=False, groups=MONEY
    )

    @api.depends("transaction_ids.state", "transaction_ids.provider_id.custom_mode", "dropship_paid_state")
    def _compute_dropship_collect(self):
        for order in self:
            rows_sudo = order.sudo().transaction_ids  # whoever opens the order need not read payments
            chosen = rows_sudo.filtered(
                lambda row: row.provider_id.custom_mode == "cash_on_delivery" and row.state in ("pending", "done")
            )
            told = order.dropship_paid_state == "cash_on_delivery"
            order.dropship_collect = bool(order.dropship_collect or chosen or told)

    def _dropship_to_collect(self):
        """What the carriers collect of the whole order: its total without what was paid already. Decimal."""
        self.ensure_one()
        if not self.dropship_collect or self.state != "sale":
            return Decimal(0)
        prepaid = sum(self._dropship_transaction_money())
        return max(decimal(self.amount_total) - prepaid, Decimal(0))

    def _dropship_plan_collections(self):
        """Share what is to be collected and has not left among the purchases; what they know already stays."""
        for order_sudo in self.sudo():  # follows from the order, whoever changes it
            if order_sudo.dropship_collect or order_sudo.dropship_collection_ids:
                order_sudo._dropship_plan_collection()

    def _dropship_plan_collection(self):
        self.ensure_one()
        rows = self.dropship_collection_ids.filtered(lambda row: row.state != "cancelled")
        planned = rows.filtered(lambda row: row.state == "planned")
        gone = sum((decimal(row.amount) for row in rows - planned), Decimal(0))
        due = max(self._dropship_to_collect() - gone, Decimal(0))
        weights = self._dropship_open_values() if due else {}
        known = {row.purchase_id: row for row in planned}
        total = sum((decimal(row.amount) for row in planned), Decimal(0))
        if set(known) == set(weights) and total == due:
            return
        purchases = sorted(weights, key=lambda purchase: (not purchase, purchase.id))
        step = decimal(self.currency_id.rounding)
        parts = dict(zip(purchases, share(due, [weights[one] for one in purchases], step), strict=True))
        planned.filtered(lambda row: row.purchase_id not in parts)._set_state("cancelled")
        for purchase, amount in parts.items():
            if row := known.get(purchase):
                row._dropship_tell_changed(amount)
                row.amount = float(amount)
        self.env["dropship.collection"]._add(self, {one: parts[one] for one in purchases if one not in known})

    def _dropship_open_values(self):
        """What customers pay for the goods that have not left: {purchase, or none for our own stock: Decimal}."""
        values = {}
        own = self.env["purchase.order"]
        for line in self.order_line.filtered(lambda line: not line.display_type and line.product_id.type == "consu"):
            value, wanted = decimal(max(line.price_total, 0.0)), decimal(line.product_uom_qty)
            rows = line.dropship_allocation_ids.filtered(lambda row: row.state != "released")
            kit = any(row.component for row in rows)
            bases = {row: decimal((row.landed if kit else 0.0) or row.qty) for row in rows}
            whole = sum(bases.values(), Decimal(0))
            if not rows:
                left = wanted - decimal(line.qty_delivered)
                values[own] = values.get(own, Decimal(0)) + (value * left / wanted if wanted > 0 else 0)
            for row, base in bases.items():
                if row.qty and whole and row.state != "shipped":
                    left = decimal(max(row.qty - row.qty_shipped, 0.0)) / decimal(row.qty)
                    purchase = row.purchase_id
                    values[purchase] = values.get(purchase, Decimal(0)) + value * base / whole * left
        return {purchase: value for purchase, value in values.items() if value > 0}

    def _dropship_replan(self):
        """Orders whose amounts are with suppliers already: share anew where the sum changed."""
        going = self.sudo().filtered(lambda order: order.state == "sale" and order.dropship_collection_ids)
        going._dropship_plan_collections()

    def _action_cancel(self):
        """Override: nothing is collected for a cancelled order."""
        result = super()._action_cancel()
        self._dropship_plan_collections()
        return result

    def write(self, vals):
        """Override: who is to pay at the door after all, or not any more."""
        result = super().write(vals)
        if "dropship_collect" in vals:
            self.filtered(lambda order: order.state == "sale")._dropship_plan_collections()
        return result


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what is added to an order is collected as well."""
        lines = super().create(vals_list)
        lines.order_id._dropship_replan()
        return lines

    def write(self, vals):
        """Override: an order that changes before it leaves is collected as it is then."""
        result = super().write(vals)
        if vals.keys() & {"product_uom_qty", "price_unit", "discount", "tax_ids"}:
            self.order_id._dropship_replan()
        return result
