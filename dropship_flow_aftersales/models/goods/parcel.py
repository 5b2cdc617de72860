"""A box on its way back: what the events of its case say about it, beside what only the box has."""

from odoo import api, fields, models
from odoo.addons.dropship_flow.sheets import carriers
from odoo.exceptions import AccessError, UserError

from .words import PARCEL_STATES, PAYERS, PLACES, plain

# What a person may say of a parcel; all else its events say.
BY_HAND = {"payer", "freight"}


class DropshipReturnParcel(models.Model):
    """One box a customer sends back, to the supplier or to us. Where it is, the events of its case say."""

    _name = "dropship.return.parcel"
    _description = "Return Parcel"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_names_search = ["key", "number", "return_id.name"]

    return_id = fields.Many2one(
        "dropship.return", string="Case", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="return_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="return_id.partner_id", store=True, index="btree_not_null")
    currency_id = fields.Many2one(related="company_id.currency_id")
    key = fields.Char(
        string="Return Number", required=True, readonly=True, copy=False, index="trigram", help="Printed on the slip."
    )
    place = fields.Selection(PLACES, string="Goes", required=True, default="supplier", readonly=True, tracking=True)
    warehouse_id = fields.Many2one(
        "dropship.supplier.warehouse", string="Supplier's Warehouse", ondelete="restrict", index="btree_not_null"
    )
    supplier_id = fields.Many2one(related="warehouse_id.supplier_id", store=True, index="btree_not_null")
    number = fields.Char(string="Tracking Number", readonly=True, copy=False, index="trigram", tracking=True)
    carrier_code = fields.Char(readonly=True)
    carrier_name = fields.Char(string="Carrier", readonly=True)
    label_id = fields.Many2one("ir.attachment", string="Return Label", copy=False, readonly=True)
    line_ids = fields.One2many("dropship.return.parcel.line", "parcel_id", string="Contents")
    payer = fields.Selection(PAYERS, string="Pays the Way Back", default="customer", required=True, tracking=True)
    freight = fields.Monetary(string="Freight Back", tracking=True)
    back_id = fields.Many2one(
        "dropship.parcel.back", string="Refused Parcel", ondelete="set null", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(PARCEL_STATES, default="expected", required=True, readonly=True, index=True, tracking=True)
    sent_at = fields.Datetime(string="Sent Back On", readonly=True)
    arrived_at = fields.Datetime(string="Arrived On", readonly=True)
    counted_at = fields.Datetime(string="Counted On", readonly=True)
    inspected_at = fields.Datetime(string="Inspected On", readonly=True)
    lost_at = fields.Datetime(string="Lost On", readonly=True)
    turned = fields.Boolean(string="Goes Back to the Customer", readonly=True, help="It was not accepted.")
    last_news = fields.Char(string="Carrier's Last Word", readonly=True)
    note = fields.Text(string="Note of the Inspection", readonly=True)
    photo_ids = fields.Many2many("ir.attachment", string="Photos", copy=False, readonly=True)
    strange = fields.Json(string="Other Goods", readonly=True, help="[[what, quantity], …] that nobody sent back.")
    strange_text = fields.Char(compute="_compute_strange_text")
    over = fields.Boolean(
        string="More Than Sold", readonly=True, help="More was counted than was delivered: the rest is in no book."
    )
    picking_ids = fields.Many2many("stock.picking", compute="_compute_pickings", compute_sudo=True, string="Transfers")
    in_quarantine = fields.Boolean(compute="_compute_in_quarantine", compute_sudo=True)

    _key_once = models.UniqueIndex("(return_id, key)", "This parcel is known already.")
    # A number is one box: the same one in another case is a slip of the pen.
    _number_once = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL AND back_id IS NULL", "This number belongs to another parcel."
    )
    _freight_positive = models.Constraint("CHECK (freight >= 0)", "Freights are not negative.")

    @api.depends("key", "number")
    def _compute_display_name(self):
        for parcel in self:
            parcel.display_name = " · ".join(filter(None, (parcel.key, parcel.number)))

    @api.depends("strange")
    def _compute_strange_text(self):
        for parcel in self:
            parcel.strange_text = ", ".join(f"{qty} × {what}" for what, qty in parcel.strange or ())

    @api.depends("line_ids.move_ids.picking_id")
    def _compute_pickings(self):
        for parcel in self:
            parcel.picking_ids = parcel.line_ids.move_ids.picking_id

    @api.depends("line_ids.move_ids.state")
    def _compute_in_quarantine(self):
        for parcel in self:
            parcel.in_quarantine = any(parcel.line_ids._waiting().values())

    def write(self, vals):
        """Override: where a parcel is, and what is in it, changes by its buttons."""
        if not self.env.su and set(vals) - BY_HAND:
            raise AccessError(self.env._("Use the buttons of the parcel: stock and purchase follow them."))
        return super().write(vals)

    # ------------------------------------------------------------------
    # What the events say
    # ------------------------------------------------------------------

    def _follow(self, boxes, folded):
        """Store what the events of the case make of its parcels.

        :param boxes: {key: casework Box} · folded: the case
        """
        states = {parcel.key: parcel for parcel in folded.parcels}
        for parcel in self.filtered(lambda parcel: parcel.key in boxes):
            vals = parcel._moments(states[parcel.key])
            box = boxes[parcel.key]
            known = set(parcel.return_id.line_ids.ids)
            strange = sorted(
                ([what, plain(box.got(what))] for what in {*box.counts, *box.found} - known if box.got(what)), key=repr
            )
            vals["strange"] = strange or False
            vals = {name: value for name, value in vals.items() if (parcel[name] or False) != value}
            if vals:
                parcel.write(vals)
            parcel.line_ids._follow(box)

    @api.model
    def _moments(self, known):
        """:param casework.Parcel known: one box"""
        counted = known.opened or (known.inspected if known.there else None)
        state = "on_the_way" if known.sent else "expected"
        for name, moment in (
            ("lost", known.lost),
            ("arrived", known.there),
            ("counted", known.opened),
            ("inspected", known.inspected),
            ("deemed", known.deemed),
        ):
            state = name if moment else state
        return {
            "state": state,
            "sent_at": known.sent or False,
            "arrived_at": known.there or False,
            "counted_at": counted or False,
            "inspected_at": known.inspected or False,
            "lost_at": known.lost or False,
        }

    # ------------------------------------------------------------------
    # What only the box has
    # ------------------------------------------------------------------

    def _set_label(self, name, content):
        """Keep the label a supplier, carrier or agent made; the customer downloads it.

        :param bytes content: PDF, PNG or JPEG
        :raises UserError: it is none of them
        """
        self.ensure_one()
        kinds = {b"%PDF": "application/pdf", b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}
        mimetype = next((kind for magic, kind in kinds.items() if (content or b"").startswith(magic)), None)
        if not mimetype:
            raise UserError(self.env._("A label is a PDF or a picture (PNG, JPEG). Choose another file."))
        if len(content) > 5 * 1024 * 1024:
            raise UserError(self.env._("The label is larger than 5 MB. Choose a smaller file."))
        parcel_sudo = self.sudo()  # whoever makes labels need not write parcels; asked for at the door
        parcel_sudo.label_id = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name or f"{self.key}.pdf",
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        return parcel_sudo.label_id

    def _label_file(self):
        """(name, mimetype, content) of the label as the customer may have it, or None."""
        self.ensure_one()
        label_sudo = self.sudo().label_id  # the door asked whose parcel it is
        if not label_sudo:
            return None
        return self._label_name(), label_sudo.mimetype, label_sudo.raw

    def _label_name(self):
        """Its name for the customer: a supplier's file name may tell who he is."""
        ending = {"application/pdf": "pdf", "image/png": "png"}.get(self.sudo().label_id.mimetype, "jpg")
        return f"{self.key.replace('/', '-')}.{ending}"

    def _carrier_title(self):
        """The carrier in the reader's language."""
        self.ensure_one()
        return carriers.name_of(self.carrier_code or "", self.env.lang or "en_US") or self.carrier_name or ""
