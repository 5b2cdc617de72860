from odoo import api, fields, models

from ..sheets import carriers
from ..tracking.status import DETAILS, STATUSES
from .sale_order import READERS

STATUS_WORDS = [
    ("pending", "No news yet"),
    ("expired", "No news any more"),
    ("info_received", "Label made"),
    ("picked_up", "Picked up"),
    ("in_transit", "On the way"),
    ("customs", "In customs"),
    ("out_for_delivery", "Out for delivery"),
    ("available_for_pickup", "Waiting for pickup"),
    ("attempt_failed", "Delivery failed"),
    ("exception", "Problem"),
    ("returning", "Coming back"),
    ("delivered", "Delivered"),
    ("returned", "Back at the sender"),
    ("lost", "Lost"),
    ("cancelled", "Label voided"),
]
DETAIL_WORDS = [
    ("signed", "Signed for"),
    ("proxy", "Signed by somebody else"),
    ("neighbour", "Left with a neighbour"),
    ("locker", "In a locker or shop"),
    ("cash_collected", "Cash collected"),
    ("refused", "Refused"),
    ("unclaimed", "Not collected"),
    ("address", "Address not found"),
    ("absent", "Nobody there"),
    ("closed", "Closed"),
    ("no_contact", "Receiver not reached"),
    ("out_of_area", "Outside the area"),
    ("damaged", "Damaged"),
    ("delayed", "Delayed"),
    ("held", "Held"),
    ("weather", "Weather"),
    ("security", "Security check"),
    ("fee_due", "Fee to be paid"),
    ("customs_pending", "Waits for customs"),
    ("customs_clearing", "Being cleared"),
    ("customs_cleared", "Cleared"),
    ("customs_documents", "Customs wants papers"),
    ("customs_problem", "Customs stopped it"),
    ("departed", "Left a depot"),
    ("arrived", "Reached a depot"),
    ("arrived_country", "Reached the country"),
    ("forwarded", "Handed on"),
    ("destroyed", "Destroyed"),
]


class DropshipShipment(models.Model):
    """One box under one number: what is in it, who carries it, where it is.

    `state` is what we did about it, `status` what the carriers' events make of it (`tracking.fold`): the second is
    derived, nobody writes it.
    """

    _name = "dropship.shipment"
    _description = "Parcel"
    _inherit = ["mail.thread", "mail.activity.mixin", "dropship.state.mixin"]
    _order = "id desc"
    _rec_name = "number"
    _check_company_auto = True

    _transitions = frozenset(
        {
            ("announced", "dispatched"),  # the transfer was validated
            ("announced", "reverted"),
            ("dispatched", "reverted"),  # it never left
            ("reverted", "dispatched"),  # it did leave after all
        }
    )

    number = fields.Char(string="Tracking Number", required=True, index="trigram", tracking=True)
    carrier_code = fields.Char(help="Empty: nobody knows yet who carries it.", index="btree_not_null", tracking=True)
    carrier_name = fields.Char(string="Carrier as Written", help="In the words of who told us.")
    carrier_title = fields.Char(compute="_compute_carrier_title")
    current = fields.Boolean(
        default=True, help="Off when the number stands for another parcel by now: events go to that one."
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    warehouse_id = fields.Many2one("dropship.supplier.warehouse", string="Ships From", ondelete="restrict", index=True)
    supplier_id = fields.Many2one(related="warehouse_id.supplier_id", store=True, index="btree_not_null")
    partner_id = fields.Many2one("res.partner", string="Receiver", index="btree_not_null")
    order_id = fields.Many2one("sale.order", ondelete="cascade", index=True, help="The first one it carries goods of.")
    order_ids = fields.Many2many("sale.order", compute="_compute_documents", compute_sudo=True, string="Orders")
    purchase_ids = fields.Many2many(
        "purchase.order", compute="_compute_documents", compute_sudo=True, string="Purchases"
    )
    picking_ids = fields.Many2many(
        "stock.picking", compute="_compute_documents", compute_sudo=True, string="Transfers"
    )
    line_ids = fields.One2many("dropship.shipment.line", "shipment_id", string="Contents")
    event_ids = fields.One2many("dropship.tracking.event", "shipment_id", string="Events")

    state = fields.Selection(
        [("announced", "Announced"), ("dispatched", "Left"), ("reverted", "Never left")],
        default="announced",
        required=True,
        index=True,
        tracking=True,
    )
    announced_at = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    dispatched_at = fields.Datetime(string="Left On", readonly=True)

    status = fields.Selection(STATUS_WORDS, default="pending", required=True, readonly=True, index=True)
    detail = fields.Selection(DETAIL_WORDS, readonly=True)
    status_at = fields.Datetime(string="Since", readonly=True)
    status_flags = fields.Json(readonly=True)
    reached = fields.Json(readonly=True, help="When each state was reached first: {state: UTC}.")
    first_scan_at = fields.Datetime(readonly=True)
    moved_at = fields.Datetime(string="Last Seen", readonly=True, help="When the parcel itself was last scanned.")
    delivered_at = fields.Datetime(readonly=True, index="btree_not_null")
    pickup_until = fields.Date(
        string="Kept Until", copy=False, help="As the pickup place says; the customer is told. Empty: nobody knows."
    )
    wakes_at = fields.Datetime(
        readonly=True, index="btree_not_null", help="When an event that was dated ahead begins to count."
    )
    folded_at = fields.Datetime(readonly=True, help="When its state was last made from its events.")
    is_final = fields.Boolean(compute="_compute_is_final", store=True, help="Nothing more is expected of it.")

    # One parcel in use under a number of a carrier; an older one with the same number is history.
    _number_once = models.UniqueIndex(
        "(company_id, number, COALESCE(carrier_code, '')) WHERE current",
        "There is a parcel with this number already.",
    )
    _open = models.Index("(company_id, status) WHERE current AND NOT is_final")

    @api.depends("carrier_code", "carrier_name")
    @api.depends_context("lang")
    def _compute_carrier_title(self):
        for shipment in self:
            known = carriers.name_of(shipment.carrier_code or "", self.env.lang or "en_US")
            shipment.carrier_title = known or shipment.carrier_name or False

    @api.depends("line_ids.purchase_line_id", "line_ids.move_id", "line_ids.sale_line_id")
    def _compute_documents(self):
        for shipment in self:
            lines = shipment.line_ids
            shipment.order_ids = lines.sale_line_id.order_id | shipment.order_id
            shipment.purchase_ids = lines.purchase_line_id.order_id
            shipment.picking_ids = lines.move_id.picking_id

    @api.depends("status", "state")
    def _compute_is_final(self):
        for shipment in self:
            final = STATUSES[shipment.status].final and shipment.status != "expired"
            shipment.is_final = final or shipment.state == "reverted"

    def _tag(self):
        """Our name for the parcel at services: says nothing about customer or order."""
        self.ensure_one()
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{uuid[:8]}-{self.id}"

    # ------------------------------------------------------------------
    # What other parts hook into. Each calls super(); all run in the transaction that changed the parcel.
    # ------------------------------------------------------------------

    def _after_fold(self, changes):
        """The state of parcels was made anew from their events.

        :param dict changes: {shipment: Change} of those where something changed, see `shipment_event.Change`
        """

    def _after_dispatch(self):
        """The goods in these parcels left: their transfers are validated."""

    def _after_revert(self):
        """What was said to have left never did: the transfers wait again."""


class DropshipShipmentLine(models.Model):
    """So much of a purchase line is in the box."""

    _name = "dropship.shipment.line"
    _description = "Contents of a Parcel"
    _order = "shipment_id, id"

    shipment_id = fields.Many2one("dropship.shipment", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="shipment_id.company_id", store=True, index=True)
    purchase_line_id = fields.Many2one("purchase.order.line", ondelete="cascade", index=True)
    sale_line_id = fields.Many2one("sale.order.line", ondelete="set null", index="btree_not_null")
    move_id = fields.Many2one("stock.move", string="Movement", ondelete="set null", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    qty = fields.Float(string="Quantity", digits="Product Unit", required=True, help="In the product's own unit.")
    is_part = fields.Boolean(
        string="Further Box",
        help="Goods that are counted in another box of the same transfer: they are there when the last box is.",
    )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_shipment_ids = fields.One2many(
        "dropship.shipment", "order_id", string="Parcels", groups=READERS, copy=False
    )


assert {code for code, _word in STATUS_WORDS} == set(STATUSES)
assert {code for code, _word in DETAIL_WORDS} == DETAILS
