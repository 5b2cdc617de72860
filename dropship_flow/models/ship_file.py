"""Files that tell a marketplace what was shipped: each parcel once, kept as they were made."""

import base64
from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..feeds.errors import FeedError
from ..order_files import presets, ship
from ..sheets import carriers
from .order_file_text import order_refusal

MOST = 5_000


class DropshipShipFile(models.Model):
    """What was told to a marketplace in one file. It is kept: downloading it again gives the same file."""

    _name = "dropship.ship.file"
    _description = "Ship File"
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    channel_id = fields.Many2one(
        "dropship.sales.channel", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    layout_id = fields.Many2one("dropship.order.layout", string="Form", readonly=True, ondelete="restrict")
    content = fields.Binary(attachment=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Made By", readonly=True, default=lambda self: self.env.user)
    line_ids = fields.One2many("dropship.ship.file.line", "file_id", string="Parcels", readonly=True)
    parcel_count = fields.Integer(string="Number of Parcels", compute="_compute_counts")
    correction_count = fields.Integer(string="Corrections", compute="_compute_counts")

    @api.depends("line_ids")
    def _compute_counts(self):
        for file in self:
            file.parcel_count = len(file.line_ids.shipment_id)
            file.correction_count = len(file.line_ids.filtered("correction"))

    @api.model
    def _make(self, channel, layout, shipments):
        """The file of these parcels, noted as reported.

        :raise UserError: when none of them has to be told
        """
        shipments = shipments[:MOST]
        company = channel.company_id or self.env.company
        lines = shipments._to_report(channel, layout)
        if not lines:
            raise UserError(self.env._("Every parcel of this channel was told already."))
        plain, rows = layout._plain(), []
        words = self.env["dropship.carrier.word"]._words(layout.platform, company)
        for line in lines:
            rows += line["shipment"]._ship_rows(line["order"], layout, words, ship.per_line(plain))
        try:
            content = ship.write(plain, rows)
        except FeedError as error:
            raise UserError(order_refusal(self.env, error.code, error.params)) from error
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        ending = {"tab": "txt"}.get(layout.separator, "csv") if layout.file_format == "csv" else "xlsx"
        with self.env["dropship.order.file"]._first_come():
            file_sudo = self.sudo().create(  # what was told is written by the machine only
                {
                    "name": f"{channel.name} {now:%Y-%m-%d %H%M}.{ending}",
                    "channel_id": channel.id,
                    "company_id": company.id,
                    "layout_id": layout.id,
                    "user_id": self.env.uid,
                    "content": base64.b64encode(content),
                    "line_ids": [
                        (0, 0, {"shipment_id": line["shipment"].id, "order_id": line["order"].id,
                                "number": line["shipment"].number, "carrier": line["shipment"].carrier_title,
                                "correction": bool(line["turn"]), "turn": line["turn"]})
                        for line in lines
                    ],
                }
            )  # fmt: skip
            file_sudo.flush_recordset()
        self.env["dropship.shipment"].union(*[line["shipment"] for line in lines]).sudo()._reported()
        return file_sudo.with_env(self.env)

    def action_download(self):
        """The file as it was made."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/dropship.ship.file/{self.id}/content?download=true&filename={self.name}",
            "target": "self",
        }

    def _open(self):
        """Show the files: one as a form, several as a list."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Ship Files"),
            "res_model": self._name,
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action |= {"views": [(False, "form")], "res_id": self.id}
        return action


class DropshipShipFileLine(models.Model):
    """A parcel told for an order, by the number it had then."""

    _name = "dropship.ship.file.line"
    _description = "Parcel of a Ship File"
    _order = "file_id desc, id"

    file_id = fields.Many2one("dropship.ship.file", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    shipment_id = fields.Many2one("dropship.shipment", string="Parcel", required=True, ondelete="cascade", index=True)
    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade", index=True)
    number = fields.Char(string="Tracking Number", required=True)
    carrier = fields.Char()
    correction = fields.Boolean(help="Another number was told before.")
    turn = fields.Integer(help="How often the parcel was told for the order before.")

    _once = models.Constraint("UNIQUE (shipment_id, order_id, turn)", "The parcel was told for the order already.")


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    reported_at = fields.Datetime(
        string="Told to the Marketplace", readonly=True, copy=False, help="In a ship file, by the number it has now."
    )
    report_by = fields.Datetime(
        string="To Be Told By", related="order_id.dropship_ship_by", groups="base.group_user", related_sudo=True
    )

    _unreported = models.Index("(order_id) WHERE reported_at IS NULL AND state = 'dispatched' AND current")

    def write(self, vals):
        """Override: another number was not told yet, where the platform takes it."""
        if {"number", "carrier_code"} & vals.keys() and "reported_at" not in vals:
            told = self.filtered(
                lambda box: box.reported_at
                and any(name in vals and vals[name] != box[name] for name in ("number", "carrier_code"))
                and box.sudo().order_id.dropship_channel_id._layout("out").corrections
            )
            if told:
                result = super(DropshipShipment, self - told).write(vals) if self - told else True
                return super(DropshipShipment, told).write({**vals, "reported_at": False}) and result
        return super().write(vals)

    @api.model
    def _unreported_domain(self):
        """Parcels a marketplace by file has to be told about."""
        return (
            Domain("state", "=", "dispatched")
            & Domain("current", "=", True)
            & Domain("reported_at", "=", False)
            & Domain("order_id.dropship_channel_id.kind", "=", "file")
        )

    def _reported(self):
        self.write({"reported_at": fields.Datetime.now()})

    def _to_report(self, channel, layout):
        """[{shipment, order, turn}] of these parcels that have to be told in this form."""
        told = {}
        lines_sudo = self.env["dropship.ship.file.line"].sudo()
        for line in lines_sudo.search([("shipment_id", "in", self.ids)]):
            told.setdefault((line.shipment_id.id, line.order_id.id), []).append(line)
        found = []
        for shipment in self.filtered(lambda box: not box.reported_at):
            orders = shipment.sudo().order_ids.filtered(
                lambda order: order.dropship_channel_id == channel and order.client_order_ref
            )
            for order in orders.with_env(self.env):
                before = told.get((shipment.id, order.id), ())
                if not before or layout.corrections:
                    found.append({"shipment": shipment, "order": order, "turn": len(before)})
        return found

    def _ship_rows(self, order, layout, words, by_line):
        """What the file says of the parcel, for one order: in the platform's words, nothing of who sent it."""
        self.ensure_one()
        shipment_sudo, order_sudo = self.sudo(), order.sudo()  # names and numbers, for who may report the parcel
        code = shipment_sudo.carrier_code or ""
        lang = "zh_CN" if layout.platform in presets.CHINESE else "en_US"
        name = carriers.name_of(code, lang) or shipment_sudo.carrier_name or ""
        left = shipment_sudo.dispatched_at or fields.Datetime.now()
        zone = ZoneInfo(order_sudo.dropship_channel_id._zone())
        base = {
            "number": order_sudo.client_order_ref,
            "our_number": order_sudo.name,
            "carrier": words.get(code) or layout.other_carrier or name,
            "carrier_name": name,
            "carrier_code": code,
            "tracking": shipment_sudo.number,
            "ship_date": f"{left.replace(tzinfo=UTC).astimezone(zone):{layout.date_written or '%Y-%m-%d'}}",
        }
        if not by_line:
            return [base]
        rows = []
        mine = shipment_sudo.line_ids.filtered(lambda row: row.sale_line_id.order_id == order_sudo)
        for line, contents in mine.grouped("sale_line_id").items():
            same = contents.filtered(lambda row, line=line: row.product_id == line.product_id)
            qty = sum(same.mapped("qty")) if same else line.product_uom_qty
            rows.append(
                {
                    **base,
                    "line_id": line.dropship_channel_line or "",
                    "sku": line.product_id.default_code or "",
                    "title": line.name.split("\n")[0],
                    "qty": qty / (line.dropship_channel_pieces or 1.0),
                }
            )
        return rows or [base]

    def action_ship_file(self):
        """Make the ship file of these parcels, one for each channel."""
        files = self.env["dropship.ship.file"]
        waiting = self.filtered(lambda box: box.state == "dispatched" and box.current)
        for channel, boxes in waiting.grouped(lambda box: box.sudo().order_id.dropship_channel_id).items():
            if channel.kind == "file":
                files |= channel.with_env(self.env)._make_ship_file(boxes)
        if not files:
            raise UserError(self.env._("Choose parcels that left, of orders of a marketplace by file."))
        return files._open()


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    def _layout(self, direction):
        """The form of this channel's files."""
        if not self:
            return self.env["dropship.order.layout"]
        own = self.in_layout_id if direction == "in" else self.out_layout_id
        return own or self.env["dropship.order.layout"].search(
            [("direction", "=", direction), ("platform", "=", self.platform),
             ("company_id", "in", [False, (self.company_id or self.env.company).id])],
            order="company_id, sequence, id", limit=1,
        )  # fmt: skip

    def _zone(self):
        """The time zone the platform counts in."""
        return self._layout("in").zone or self.company_id.partner_id.tz or "UTC"

    def _make_ship_file(self, shipments=None):
        """The ship file of these parcels, else of all that wait."""
        self.ensure_one()
        layout = self._layout("out")
        if not layout:
            raise UserError(self.env._("Choose the form of ship files of %s first.", self.name))
        if shipments is None:
            domain = self.env["dropship.shipment"]._unreported_domain()
            shipments = self.env["dropship.shipment"].search(
                domain & Domain("order_id.dropship_channel_id", "=", self.id), order="id", limit=MOST
            )
        return self.env["dropship.ship.file"]._make(self, layout, shipments)

    def action_ship_file(self):
        """Tell the marketplace what left since the last file."""
        return self._make_ship_file()._open()

    def _earliest(self, domain):
        """The earliest deadline of parcels, in words."""
        first = self.env["dropship.shipment"].search(domain).mapped("report_by")
        first = [moment for moment in first if moment]
        return self.env._("earliest deadline %s", format_datetime(self.env, min(first))) if first else ""
