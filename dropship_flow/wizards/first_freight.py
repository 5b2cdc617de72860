from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..feeds.freight import rows_of, template_for
from ..models.tax_rule import TAX_POSITIONS


class DropshipFirstFreight(models.TransientModel):
    """A freight table to start from, corrected to what the supplier really charges."""

    _name = "dropship.first.freight"
    _description = "First Hour: Freight Table"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    warehouse_id = fields.Many2one(
        "dropship.supplier.warehouse",
        string="Ships From",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', [company_id, False])]",
    )
    currency_id = fields.Many2one(related="warehouse_id.supplier_id.currency_id")
    template = fields.Selection(
        [
            ("delta", "江浙沪 (Yangtze delta)"),
            ("national", "All of China, remote provinces apart"),
            ("cn_eu", "China to the EU"),
            ("eu", "Within the EU"),
        ],
        string="Start From",
        compute="_compute_template",
        store=True,
        readonly=False,
    )
    line_ids = fields.One2many("dropship.first.freight.line", "wizard_id", string="Freight")
    crosses_border = fields.Boolean(compute="_compute_crosses_border")
    tax_position = fields.Selection(
        TAX_POSITIONS,
        compute="_compute_tax_position",
        store=True,
        readonly=False,
        help="Goods that cross a border need one, or their orders wait for a person.",
    )

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for wizard in self:
            warehouses = self.env["dropship.supplier.warehouse"].search(
                [
                    ("company_id", "in", [wizard.company_id.id, False]),
                    ("country_id", "!=", False),
                    ("supplier_id.state", "in", ("trial", "approved")),
                ],
                order="id desc",
            )
            without = warehouses.filtered(lambda warehouse: not warehouse.supplier_id.rate_ids)
            wizard.warehouse_id = without[:1] or warehouses[:1]

    @api.depends("warehouse_id")
    def _compute_template(self):
        for wizard in self:
            source = wizard.warehouse_id.country_id.code
            wizard.template = source and template_for(source, wizard.company_id.country_id.code or "")

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards.filtered(lambda wizard: not wizard.line_ids):
            wizard._onchange_template()
        return wizards

    @api.onchange("template", "warehouse_id")
    def _onchange_template(self):
        """Another table, other lines."""
        self.line_ids = [Command.clear(), *(Command.create(vals) for vals in self._template_rows())]

    @api.depends("warehouse_id", "template", "company_id")
    def _compute_crosses_border(self):
        for wizard in self:
            source, home = wizard.warehouse_id.country_id, wizard.company_id.account_fiscal_country_id
            domestic = source == home and wizard.template in ("delta", "national")
            wizard.crosses_border = bool(source) and not domestic

    @api.depends("warehouse_id", "template", "company_id")
    def _compute_tax_position(self):
        europe = self.env.ref("base.europe").country_ids
        for wizard in self:
            source, home = wizard.warehouse_id.country_id, wizard.company_id.account_fiscal_country_id
            if not wizard.crosses_border:
                wizard.tax_position = False
            elif source in europe:
                wizard.tax_position = "oss"
            else:
                wizard.tax_position = "ioss" if home in europe else "outside"

    def _template_rows(self):
        """The template's rows in the supplier's currency."""
        source = self.warehouse_id.country_id.code
        if not self.template or not source:
            return
        name, rows = rows_of(self.template, source)
        currency = self.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])
        today = fields.Date.context_today(self)

        def worth(amount):
            if currency == self.currency_id or not currency.active:
                return amount
            return currency._convert(amount, self.currency_id, self.company_id, today)

        for number, row in enumerate(rows):
            country = self.env["res.country"].search([("code", "=", row.country)]) if row.country else False
            states = self.env["res.country.state"].search(
                [("country_id.code", "=", row.country), ("code", "in", row.states)]
            )
            yield {
                "sequence": number,
                "label": row.label,
                "country_ids": [Command.set(country.ids if country else [])],
                "state_ids": [Command.set(states.ids if row.states else [])],
                "country_group_ids": [Command.set(self.env.ref(row.group).ids if row.group else [])],
                "first_weight": row.first_weight,
                "first_price": worth(row.first_price),
                "step_weight": row.step_weight,
                "step_price": worth(row.step_price),
                "surcharge": worth(row.surcharge),
                "days_p50": row.days[0],
                "days_p80": row.days[1],
                "days_p95": row.days[2],
            }

    def action_apply(self):
        self.ensure_one()
        if not self.warehouse_id:
            raise UserError(self.env._("Add the supplier first, with the country the goods leave from."))
        if not self.line_ids:
            raise UserError(self.env._("Choose a table to start from, or add a line."))
        for line in self.line_ids:
            if min(line.first_weight, line.first_price, line.step_weight, line.step_price, line.surcharge) < 0:
                raise UserError(self.env._("%s: weights and prices cannot be negative.", line.label))
            if line.step_price and not line.step_weight:
                raise UserError(self.env._("%s: say for how many kg the step price is.", line.label))
            if not line.days_p50 <= line.days_p80 <= line.days_p95:
                raise UserError(self.env._("%s: days grow with certainty, from left to right.", line.label))
        self.env["dropship.shipping.rate"].create([line._rate_vals() for line in self.line_ids])
        self._make_tax_rule()
        return {"type": "ir.actions.act_window_close"}

    def _make_tax_rule(self):
        """One tax position for what crosses the border, unless somebody made rules already."""
        rules = self.env["dropship.tax.rule"]
        if not self.crosses_border or not self.tax_position or not rules.has_access("create"):
            return
        source = self.warehouse_id.country_id
        known = rules.search([("company_id", "=", self.company_id.id)])
        if any(source in rule.ship_from_ids or not rule.ship_from_ids for rule in known):
            return
        rules.create(
            {
                "company_id": self.company_id.id,
                "ship_from_ids": [Command.set(source.ids)],
                "ship_to_ids": [Command.set(self.line_ids.country_ids.ids)],
                "position": self.tax_position,
                **(
                    {"ship_to_group_id": self.line_ids.country_group_ids[:1].id}
                    if self.line_ids.country_group_ids
                    else {}
                ),
            }
        )


class DropshipFirstFreightLine(models.TransientModel):
    _name = "dropship.first.freight.line"
    _description = "First Hour: Freight Line"
    _order = "sequence, id"

    wizard_id = fields.Many2one("dropship.first.freight", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    sequence = fields.Integer()
    label = fields.Char(string="Where To", required=True, default="-")
    country_ids = fields.Many2many("res.country", "dropship_first_freight_country_rel", string="Countries")
    country_group_ids = fields.Many2many(
        "res.country.group", "dropship_first_freight_group_rel", string="Country Groups"
    )
    state_ids = fields.Many2many("res.country.state", "dropship_first_freight_state_rel", string="States / Provinces")
    first_weight = fields.Float(string="First (kg)", digits="Stock Weight")
    first_price = fields.Monetary()
    step_weight = fields.Float(string="Step (kg)", digits="Stock Weight")
    step_price = fields.Monetary()
    surcharge = fields.Monetary()
    days_p50 = fields.Float(string="Days (1 of 2)")
    days_p80 = fields.Float(string="Days (4 of 5)")
    days_p95 = fields.Float(string="Days (19 of 20)")

    def _rate_vals(self):
        self.ensure_one()
        copied = (
            "sequence", "first_weight", "first_price", "step_weight", "step_price", "surcharge", "days_p50", "days_p80",
            "days_p95",
        )  # fmt: skip
        return {
            **{name: self[name] for name in copied},
            "warehouse_id": self.wizard_id.warehouse_id.id,
            "surcharge_name": self.label if self.surcharge else False,
            "country_ids": [Command.set(self.country_ids.ids)],
            "country_group_ids": [Command.set(self.country_group_ids.ids)],
            "state_ids": [Command.set(self.state_ids.ids)],
        }
