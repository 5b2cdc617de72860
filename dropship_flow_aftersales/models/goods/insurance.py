"""Return freight insurance (运费险): what it costs us, and what it paid to the customer, who is not paid that again."""


from odoo import fields, models
from odoo.addons.dropship_flow.models.exact import trimmed
from odoo.exceptions import UserError


class DropshipFreightInsurance(models.Model):
    """The freight of a return is insured for an order: the premium is a cost, the payout goes to whoever paid it."""

    _name = "dropship.freight.insurance"
    _description = "Return Freight Insurance"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Policy Number", required=True, tracking=True)
    order_id = fields.Many2one("sale.order", required=True, ondelete="restrict", index=True)
    return_id = fields.Many2one("dropship.return", string="Case", ondelete="restrict", index="btree_not_null")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id.id)
    insurer_id = fields.Many2one("res.partner")
    premium = fields.Monetary(required=True, tracking=True)
    premium_date = fields.Date(string="Insured On", required=True, default=fields.Date.context_today)
    bill_line_id = fields.Many2one(
        "account.move.line",
        domain="[('move_id.move_type', '=', 'in_invoice'), ('company_id', '=', company_id)]",
        groups="account.group_account_invoice,account.group_account_readonly",
        index="btree_not_null",
    )
    payout = fields.Monetary(tracking=True, readonly=True, copy=False)
    payout_to = fields.Selection([("customer", "Customer"), ("us", "Us")], string="Paid To", readonly=True, copy=False)
    payout_date = fields.Date(string="Paid On", readonly=True, copy=False)

    _name_once = models.UniqueIndex("(company_id, name)", "This insurance is recorded already.")
    _amounts = models.Constraint("CHECK (premium >= 0 AND payout >= 0)", "Premium and payout are not negative.")

    def _pay_out(self, amount, to, case=None, date=None):
        """The insurer paid. The same payout again changes nothing.

        :param to: customer, us
        :raises UserError: another amount was recorded already, or the case is not of the order
        """
        self.ensure_one()
        if not 0 < amount < 1e9:
            raise UserError(self.env._("Enter how much the insurer paid."))
        if self.payout:
            if self.currency_id.compare_amounts(self.payout, amount) == 0 and self.payout_to == to:
                return
            raise UserError(
                self.env._("%(policy)s was paid already: %(amount)s.", policy=self.name, amount=self.payout)
            )
        case = case or self.return_id or self._only_case()
        if case and self.order_id not in case.order_ids:
            raise UserError(self.env._("%(case)s is not about %(order)s.", case=case.name, order=self.order_id.name))
        self.write(
            {
                "payout": amount,
                "payout_to": to,
                "payout_date": date or fields.Date.context_today(self),
                "return_id": case.id if case else False,
            }
        )

    def _only_case(self):
        cases = self.env["dropship.return"].search([("order_ids", "in", self.order_id.ids)])
        return cases if len(cases) == 1 else cases.browse()

    def action_pay_out(self):
        """Ask how much the insurer paid, and to whom."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Insurer Paid"),
            "res_model": "dropship.freight.payout",
            "view_mode": "form",
            "target": "new",
            "context": {"default_insurance_id": self.id, "default_return_id": self.return_id.id},
        }

    def _fact(self, kind, amount, date, final):
        return {
            "order": self.order_id,
            "kind": kind,
            "amount": trimmed(amount),
            "date": date,
            "final": final,
            "record": self,
        }

    def _worth(self, amount, date, currency=None):
        currency = currency or self.company_id.currency_id
        return self.currency_id._convert(amount, currency, self.company_id, date)


class DropshipFreightPayout(models.TransientModel):
    _name = "dropship.freight.payout"
    _description = "Payout of a Return Freight Insurance"

    insurance_id = fields.Many2one("dropship.freight.insurance", required=True)
    order_id = fields.Many2one(related="insurance_id.order_id")
    return_id = fields.Many2one("dropship.return", string="Case", domain="[('order_ids', 'in', [order_id])]")
    currency_id = fields.Many2one(related="insurance_id.currency_id")
    amount = fields.Monetary(required=True)
    to = fields.Selection([("customer", "Customer"), ("us", "Us")], string="Paid To", required=True, default="customer")

    def action_apply(self):
        """Write it down."""
        self.ensure_one()
        self.insurance_id.check_access("write")
        self.insurance_id._pay_out(self.amount, self.to, self.return_id)
        return {"type": "ir.actions.act_window_close"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    dropship_insurance_ids = fields.One2many(
        "dropship.freight.insurance",
        "order_id",
        string="Return Freight Insurance",
        groups="dropship_flow.group_dropship_user",
    )

    def _freight_insurance_facts(self):
        """What insuring the freight of returns cost and brought us.

        :return: [{"order", "kind": "premium" or "payout", "amount": Decimal in the company's currency, a cost is
            negative, "date", "final": a posted bill stands behind it, "record"}, …]
        """
        facts = []
        for row in self.sudo().dropship_insurance_ids:  # a fact of the profit, whoever reads that
            line = row.bill_line_id
            posted = line.parent_state == "posted"
            if posted:
                amount = -line.balance
            else:
                amount = -row._worth(row.premium, row.premium_date)
            facts.append(row._fact("premium", amount, line.date if posted else row.premium_date, posted))
            if row.payout and row.payout_to == "us":
                facts.append(row._fact("payout", row._worth(row.payout, row.payout_date), row.payout_date, True))
        return facts


class DropshipReturn(models.Model):
    _inherit = "dropship.return"

    def _insured_freight(self):
        """What insurers paid to the customer for the freight of this case: Decimal, currency of the case.

        It is not refunded again.
        """
        self.ensure_one()
        rows = (
            self.env["dropship.freight.insurance"]
            .sudo()
            .search(  # a fact of the refund, whoever makes it
                [("return_id", "=", self.id), ("payout_to", "=", "customer"), ("payout", ">", 0)]
            )
        )
        paid = sum(row._worth(row.payout, row.payout_date, self.currency_id) for row in rows)
        return trimmed(paid)
