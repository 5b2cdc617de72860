"""The desk of the channels: what waits at each, its files, and the cards of the overview."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OPEN_STAGES = ("unpaid", "held", "at_supplier", "to_ship")


class DropshipSalesChannel(models.Model):
    _inherit = "dropship.sales.channel"

    in_layout_id = fields.Many2one(
        "dropship.order.layout", string="Form of Order Files", domain="[('direction', '=', 'in')]",
        help="Empty: the first one of the platform.",
    )  # fmt: skip
    out_layout_id = fields.Many2one(
        "dropship.order.layout", string="Form of Ship Files", domain="[('direction', '=', 'out')]",
        help="Empty: the first one of the platform.",
    )  # fmt: skip
    today_count = fields.Integer(string="Orders Today", compute="_compute_desk")
    due_count = fields.Integer(string="To Ship by Tomorrow", compute="_compute_desk")
    look_count = fields.Integer(string="Rows to Look At", compute="_compute_desk")
    wait_count = fields.Integer(string="Files to Enter", compute="_compute_desk")
    unreported_count = fields.Integer(string="Parcels to Tell", compute="_compute_desk")
    at_stake = fields.Monetary(string="Penalties at Stake", compute="_compute_desk",
                               help="Late penalties of the orders that have to leave by tomorrow.")  # fmt: skip

    @api.depends_context("uid", "allowed_company_ids", "tz")
    def _compute_desk(self):
        start, _end = self.env["dropship.overview"]._days(0, 1)
        mine = Domain("dropship_channel_id", "in", self.ids) & Domain("state", "=", "sale")
        orders, boxes = self.env["sale.order"], self.env["dropship.shipment"]
        readable = orders.has_access("read")
        today = self._counted(orders, mine & Domain("date_order", ">=", start), "dropship_channel_id", readable)
        due = self._due_domain() & Domain("dropship_channel_id", "in", self.ids)
        due_orders = orders.search(due).grouped("dropship_channel_id") if readable else {}
        rows, files = self.env["dropship.order.file.row"], self.env["dropship.order.file"]
        can = rows.has_access("read")
        look = self._counted(
            rows, Domain("channel_id", "in", self.ids) & Domain("state", "=", "problem"), "channel_id", can
        )
        wait = self._counted(
            files, Domain("channel_id", "in", self.ids) & Domain("state", "=", "checked"), "channel_id", can
        )
        unreported = {}
        if readable and boxes.has_access("read"):
            here = Domain("order_id.dropship_channel_id", "in", self.ids)
            for box in boxes.search(boxes._unreported_domain() & here):
                channel = box.sudo().order_id.dropship_channel_id.id
                unreported[channel] = unreported.get(channel, 0) + 1
        for channel in self:
            late = due_orders.get(channel) or orders
            channel.today_count, channel.due_count = today.get(channel.id, 0), len(late)
            channel.look_count, channel.wait_count = look.get(channel.id, 0), wait.get(channel.id, 0)
            channel.unreported_count = unreported.get(channel.id, 0)
            channel.at_stake = float(sum(channel._penalty_for("late", order) for order in late))

    @api.model
    def _counted(self, model, domain, field, readable):
        if not readable:
            return {}
        return {channel.id: count for channel, count in model._read_group(domain, [field], ["__count"])}

    @api.model
    def _due_domain(self):
        """Orders that have to leave by the end of tomorrow and have not."""
        _start, end = self.env["dropship.overview"]._days(0, 2)
        return (
            Domain("dropship_ship_by", "<", end)
            & Domain("state", "=", "sale")
            & Domain("dropship_stage", "in", OPEN_STAGES)
        )

    def _open_mine(self, title, model, domain):
        return self.env["dropship.overview"]._window(title, model, domain)

    def action_open_today(self):
        start, _end = self.env["dropship.overview"]._days(0, 1)
        domain = Domain("dropship_channel_id", "in", self.ids) & Domain("date_order", ">=", start)
        return self._open_mine(self.env._("Orders Today"), "sale.order", domain & Domain("state", "=", "sale"))

    def action_open_due(self):
        domain = self._due_domain() & Domain("dropship_channel_id", "in", self.ids)
        return self._open_mine(self.env._("To Ship by Tomorrow"), "sale.order", domain)

    def action_open_look(self):
        domain = Domain("channel_id", "in", self.ids) & Domain("state", "=", "problem")
        return self._open_mine(self.env._("Rows to Look At"), "dropship.order.file.row", domain)

    def action_open_wait(self):
        domain = Domain("channel_id", "in", self.ids) & Domain("state", "=", "checked")
        return self._open_mine(self.env._("Files to Enter"), "dropship.order.file", domain)

    def action_open_unreported(self):
        boxes = self.env["dropship.shipment"]
        domain = boxes._unreported_domain() & Domain("order_id.dropship_channel_id", "in", self.ids)
        return self._open_mine(self.env._("Parcels to Tell"), "dropship.shipment", domain)

    def action_upload(self):
        """Upload an order file of this channel."""
        wizard = self.env["dropship.order.upload"].create({"channel_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Upload Orders"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_status_file(self):
        """Where every order of this channel stands, as a file."""
        self.ensure_one()
        self.env["sale.order"].check_access("read")
        file = self.env["dropship.status.file"].create({"kind": "xlsx", "channel_id": self.id})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/dropship.status.file/{file.id}/content?download=true&filename={file.filename}",
            "target": "self",
        }

    def _status_rows(self, days=60, most=20_000):
        """The heading and a line for each order of the last days that are still open or were: our eight words."""
        self.ensure_one()
        since = fields.Datetime.subtract(fields.Datetime.now(), days=days)
        orders = self.env["sale.order"].search(
            [("dropship_channel_id", "=", self.id), ("date_order", ">=", since)], order="id", limit=most + 1
        )
        if len(orders) > most:
            raise UserError(self.env._("There are more than %s orders: ask for fewer days.", most))
        words = dict(orders._fields["dropship_stage"]._description_selection(self.env))
        rows = [[self.env._("Buyer's Reference"), self.env._("Order"), self.env._("Stage"), self.env._("Carrier"),
                 self.env._("Tracking Number"), self.env._("Changed")]]  # fmt: skip
        for order in orders:
            boxes = order.sudo().dropship_shipment_ids.filtered("current")
            changed = fields.Datetime.context_timestamp(self, order.write_date)
            stage = self.env._("Cancelled") if order.state == "cancel" else words.get(order.dropship_stage, "")
            rows.append(
                [order.client_order_ref or "", order.name, stage,
                 ", ".join(dict.fromkeys(filter(None, boxes.mapped("carrier_title")))),
                 ", ".join(boxes.mapped("number")),
                 f"{changed:%Y-%m-%d %H:%M}"]
            )  # fmt: skip
        return rows


class DropshipOverview(models.Model):
    _inherit = "dropship.overview"

    @api.model
    def _cards(self):
        """Override: order files and what marketplaces have to be told."""
        boxes = self.env["dropship.shipment"]
        unreported = boxes._unreported_domain()
        if not self.env["sale.order"].has_access("read"):  # parcels may be read by who reads no orders
            unreported = Domain.FALSE
        return [
            *super()._cards(),
            {"key": "order_rows", "title": self.env._("Rows of order files"), "model": "dropship.order.file.row",
             "action": "dropship_flow.action_dropship_order_file_row", "sequence": 14, "needs": True,
             "domain": Domain("state", "=", "problem"), "roles": ("desk",), "hint": "_hint_order_rows"},
            {"key": "order_files", "title": self.env._("Order files to enter"), "model": "dropship.order.file",
             "action": "dropship_flow.action_dropship_order_file", "sequence": 15, "needs": True,
             "domain": Domain("state", "=", "checked"), "roles": ("desk",)},
            {"key": "to_report", "title": self.env._("Parcels to tell the marketplace"), "model": "dropship.shipment",
             "action": "dropship_flow.action_dropship_shipment", "sequence": 83, "needs": True,
             "domain": unreported, "roles": ("desk",), "hint": "_hint_to_report"},
        ]  # fmt: skip

    def _hint_order_rows(self, domain):
        """At which channels."""
        found = self.env["dropship.order.file.row"]._read_group(domain, ["channel_id"], ["__count"])
        return " · ".join(f"{count} {channel.name}" for channel, count in found[:4])

    def _hint_to_report(self, domain):
        return self.env["dropship.sales.channel"]._earliest(domain)


class DropshipRetention(models.Model):
    _inherit = "dropship.retention"

    @api.model
    def _kept(self):
        """Override: order files hold customers' data as the marketplace wrote it."""
        return [*super()._kept(), ("order_file", self.env._("Order files of marketplaces"))]

    @api.model
    def _purge_order_file(self, company, before, limit):
        return self.env["dropship.order.file"]._gc_old(company, before, limit)
