"""The order of a case: its stage, its buttons, and how it is found."""

from odoo import api, fields, models
from odoo.tools import SQL

from .verbs import AGENT

DESK = "dropship_flow.group_dropship_user"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_case_count = fields.Integer(compute="_compute_dropship_case_count", groups="base.group_user")
    dropship_can_open_case = fields.Boolean(compute="_compute_dropship_can_open_case", groups=AGENT)

    @api.model
    def _dropship_stage_depends(self):
        """Override: cases open and end."""
        return [*super()._dropship_stage_depends(), "dropship_return_line_ids.return_id.state"]

    def _dropship_in_after_sales(self):
        """Override: those with an open case."""
        return super()._dropship_in_after_sales() | self.filtered(
            lambda order: any(line.return_id.state == "open" for line in order.dropship_return_line_ids)
        )

    def _compute_dropship_case_count(self):
        counts = self.env["dropship.return"]._count_by("order_id", self)
        for order in self:
            order.dropship_case_count = counts.get(order.id, 0)

    @api.depends("state", "dropship_stage")
    def _compute_dropship_can_open_case(self):
        for order in self:
            order.dropship_can_open_case = order.state == "sale" and bool(order.dropship_stage)

    def action_dropship_cases(self):
        return self.env["dropship.return"]._window([("line_ids.order_id", "in", self.ids)])

    def action_dropship_open_case(self):
        """Open a case about some of its lines."""
        self.check_access("read")
        return self.env["dropship.return.open"]._open(self)

    def _dropship_flush_keys(self):  # pylint: disable=missing-return
        super()._dropship_flush_keys()
        self.env["dropship.return"].flush_model(["name"])
        self.env["dropship.return.line"].flush_model(["return_id", "order_id"])

    def _dropship_key_queries(self, typed):
        """Override: also by the number of a case."""
        yield from super()._dropship_key_queries(typed)
        if typed.numbers and (self.env.su or self.env.user.has_group(DESK)):
            yield SQL(
                "SELECT line.order_id FROM dropship_return asked"
                " JOIN dropship_return_line line ON line.return_id = asked.id WHERE asked.name ILIKE ANY(%s)",
                list(typed.numbers),
            )


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    @api.model
    def _count_by(self, name, records):
        """{record id: number of cases with a line of it}; nothing for readers who may not know.

        :param str name: a field of `dropship.return.line`
        """
        lines = self.env["dropship.return.line"]
        if not self.has_access("read") or not lines.has_access("read"):
            return {}
        groups = lines._read_group([(name, "in", records.ids)], [name], ["return_id:count_distinct"])
        return {record.id: count for record, count in groups}

    @api.model
    def _window(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id("dropship_flow_aftersales.action_dropship_return")
        for name in ("id", "xml_id", "path"):
            action.pop(name, None)
        cases = self.search(domain, limit=2)
        action |= {"domain": domain, "context": {}}
        if len(cases) == 1:
            action |= {"res_id": cases.id, "view_mode": "form", "views": [(False, "form")]}
        return action
