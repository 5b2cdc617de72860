from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError

OWNERS = [
    ("buyer", "Buyer of the purchase"),
    ("supplier", "Buyer of the supplier"),
    ("sales", "Salesperson of the order"),
    ("user", "This person"),
    ("team", "Who has least to do of"),
]


class DropshipExceptionRule(models.Model):
    """Who cares for which exceptions, how urgent they are, until when. The first rule that fits decides."""

    _name = "dropship.exception.rule"
    _description = "Exception Rule"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: every company.")
    kind = fields.Selection(selection="_exception_kinds", help="Empty: any.")
    supplier_id = fields.Many2one("dropship.supplier", ondelete="cascade", help="Empty: any.")
    channel_id = fields.Many2one("dropship.sales.channel", ondelete="cascade", help="Empty: any.")
    amount_from = fields.Float(
        string="At Stake From", help="Sales value of what is concerned, in the company's currency. 0: any."
    )
    severity = fields.Selection(
        [("0", "Low"), ("1", "Normal"), ("2", "Urgent"), ("3", "Critical")], default="1", required=True
    )
    hours = fields.Float(string="Hours to Solve", default=24.0, help="0: no clock.")
    working_time = fields.Boolean(
        string="In Working Time", default=True, help="Only hours of the company's working times count."
    )
    owner = fields.Selection(OWNERS, default="buyer", required=True)
    user_ids = fields.Many2many("res.users", "dropship_exception_rule_user_rel", string="People")
    activity = fields.Boolean(help="The responsible person gets an activity at once.")
    escalate_id = fields.Many2one(
        "res.users", string="When Overdue Tell", help="Empty: the dropshipping managers of the company."
    )

    _hours_positive = models.Constraint(
        "CHECK (hours >= 0 AND hours <= 8760)", "The hours to solve are between 0 and 8760 (a year)."
    )
    _amount_positive = models.Constraint("CHECK (amount_from >= 0)", "The amount at stake cannot be negative.")

    @api.model
    def _exception_kinds(self):
        return self.env["dropship.exception"]._exception_kinds()

    @api.depends("kind", "severity")
    def _compute_display_name(self):
        kinds = dict(self._exception_kinds())
        for rule in self:
            rule.display_name = kinds.get(rule.kind) or self.env._("Any exception")

    @api.constrains("owner", "user_ids")
    def _check_people(self):
        for rule in self:
            if rule.owner in ("user", "team") and not rule.user_ids:
                raise ValidationError(self.env._("Choose who cares for these exceptions."))
            if rule.owner == "user" and len(rule.user_ids) > 1:
                raise ValidationError(
                    self.env._('Choose one person, or "%s".', dict(OWNERS)["team"])
                )

    def _fits(self, exception):
        self.ensure_one()
        return (
            self.company_id in (exception.company_id, self.company_id.browse())
            and self.kind in (exception.kind, False)
            and self.supplier_id in (exception.supplier_id, self.supplier_id.browse())
            and self.channel_id in (exception.order_id.dropship_channel_id, self.channel_id.browse())
            and self.amount_from <= exception.amount
        )

    def _deadline(self, company, now):
        self.ensure_one()
        if not self.hours:
            return False
        calendar = company.resource_calendar_id
        planned = calendar.plan_hours(self.hours, now, compute_leaves=True) if self.working_time and calendar else False
        return planned or fields.Datetime.add(now, seconds=round(self.hours * 3600))

    def _owner_of(self, exception, busy):
        """Who cares for it; who is not there any more, or may not see the company, is passed over.

        :param Counter busy: open exceptions by user, counted on
        """
        purchase, order = exception.purchase_id, exception.order_id
        people = {
            "buyer": purchase.user_id,
            "supplier": exception.supplier_id.user_id,
            "sales": order.user_id,
            "user": self.user_ids,
            "team": self.user_ids.sorted(lambda user: (busy[user.id], user.id)),
        }[self.owner or "buyer"]
        found = [*people, *purchase.user_id, *exception.supplier_id.user_id, *self.escalate_id]
        able = [user for user in found if user.active and exception.company_id in user.company_ids]
        return able[0] if able else self.env["res.users"]

    @api.model
    def _apply(self, exceptions):
        """Set severity, owner and clock of new exceptions; what was given when they were made stays."""
        rules = self.search([])
        now = fields.Datetime.now()
        team_ids = rules.filtered(lambda rule: rule.owner == "team").user_ids.ids
        busy = Counter()
        if team_ids:
            domain = [("user_id", "in", team_ids), ("state", "=", "open")]
            for user, count in exceptions._read_group(domain, ["user_id"], ["__count"]):
                busy[user.id] = count
        for exception in exceptions:
            rule = next((rule for rule in rules if rule._fits(exception)), self.browse())
            vals = {"rule_id": rule.id}
            if rule:
                vals |= {"severity": rule.severity, "deadline": rule._deadline(exception.company_id, now)}
            else:
                vals["severity"] = "2"
            owner = rule._owner_of(exception, busy)
            busy[owner.id] += 1
            vals["user_id"] = owner.id
            given = {name for name in ("deadline", "user_id") if exception[name]}
            exception.write({name: value for name, value in vals.items() if name not in given})
            if rule.activity:
                exception._call(exception.user_id)
