from odoo import api, fields, models

TAX_POSITIONS = [
    ("domestic", "Domestic"),
    ("oss", "EU distance sale (OSS)"),
    ("ioss", "Import sale (IOSS)"),
    ("import", "Import, customer or supplier declares"),
    ("export", "Export"),
    ("triangular", "Triangular"),
    ("outside", "Outside the scope of our taxes"),
]


class DropshipTaxRule(models.Model):
    """Which tax position goods have that ship from one country to another. First matching row wins.

    Goods that stay within the company's own country need no row: they are domestic and keep the order's taxes.
    """

    _name = "dropship.tax.rule"
    _description = "Tax Position by Ship-from and Ship-to"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    ship_from_ids = fields.Many2many("res.country", "dropship_tax_rule_from_rel", string="Ships From")
    ship_from_group_id = fields.Many2one("res.country.group", string="Ships From Group")
    ship_to_ids = fields.Many2many("res.country", "dropship_tax_rule_to_rel", string="Ships To")
    ship_to_group_id = fields.Many2one("res.country.group", string="Ships To Group")
    customer = fields.Selection(
        [("consumer", "Consumer"), ("business", "Business with tax number")], help="Empty: any."
    )
    max_value = fields.Monetary(string="Consignment Value Up To", help="Net. 0: no limit.")
    position = fields.Selection(TAX_POSITIONS, required=True)
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        check_company=True,
        help="Its taxes replace those of the product. Empty: the line keeps the taxes of the order.",
    )

    @api.depends("ship_from_ids", "ship_from_group_id", "ship_to_ids", "ship_to_group_id", "position")
    def _compute_name(self):
        anywhere = self.env._("anywhere")
        labels = dict(self._fields["position"]._description_selection(self.env))
        for rule in self:
            source = (
                ", ".join([*rule.ship_from_ids.mapped("code"), *rule.ship_from_group_id.mapped("name")]) or anywhere
            )
            target = ", ".join([*rule.ship_to_ids.mapped("code"), *rule.ship_to_group_id.mapped("name")]) or anywhere
            rule.name = f"{source} → {target}: {labels.get(rule.position, '')}"

    @staticmethod
    def _in_area(country, countries, group):
        return (not countries and not group) or country in countries or country in group.country_ids

    @api.model
    def _rules_of(self, company):
        return self.sudo().search_fetch([("company_id", "=", company.id)])

    @api.model
    def _position_for(self, company, ship_from, ship_to, business, value, rules=None):
        """The tax position of a consignment.

        :param ship_from: res.country of the supplier's warehouse
        :param ship_to: res.country of the customer
        :param bool business: the customer has a tax number
        :param float value: net value of the consignment, company currency
        :param rules: what `_rules_of` found for the company, when many consignments are asked for
        :return: (position code, account.fiscal.position or empty); code None when no rule covers it
        """
        nothing = self.env["account.fiscal.position"]
        if ship_from and ship_from == ship_to == company.account_fiscal_country_id:
            return "domestic", nothing
        for rule in self._rules_of(company) if rules is None else rules:
            if (
                self._in_area(ship_from, rule.ship_from_ids, rule.ship_from_group_id)
                and self._in_area(ship_to, rule.ship_to_ids, rule.ship_to_group_id)
                and (not rule.customer or (rule.customer == "business") == business)
                and (not rule.max_value or value <= rule.max_value)
            ):
                return rule.position, rule.fiscal_position_id
        return None, nothing
