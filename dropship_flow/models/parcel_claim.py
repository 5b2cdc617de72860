from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# Days from the dispatch within which carriers take a claim, where theirs is shorter than usual.
DAYS_TO_CLAIM = {"dhl": 30, "ups": 60, "fedex": 60, "usps": 60, "dpd": 14, "gls": 14, "sf": 30, "ems": 90}
USUAL_DAYS = 30


class DropshipClaim(models.Model):
    """Money asked back from whoever caused a loss: supplier, carrier, customs broker or customer."""

    _name = "dropship.claim"
    _description = "Claim"
    _inherit = ["mail.thread", "mail.activity.mixin", "dropship.state.mixin"]
    _order = "state, deadline, id desc"

    _transitions = frozenset(
        {
            ("draft", "filed"),
            ("draft", "cancelled"),
            ("filed", "accepted"),
            ("filed", "refused"),
            ("filed", "cancelled"),
            ("refused", "filed"),
            ("accepted", "paid"),
        }
    )

    name = fields.Char(compute="_compute_name", store=True)  # in no language: documents and searches use it
    shipment_id = fields.Many2one("dropship.shipment", string="Parcel", ondelete="restrict", index="btree_not_null")
    order_id = fields.Many2one("sale.order", ondelete="restrict", index="btree_not_null")
    purchase_id = fields.Many2one("purchase.order", ondelete="restrict", index="btree_not_null")
    supplier_id = fields.Many2one("dropship.supplier", ondelete="restrict", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    kind = fields.Selection(selection="_claim_kinds", required=True, default="loss")
    party = fields.Selection(
        [("carrier", "Carrier"), ("supplier", "Supplier"), ("customs", "Customs broker"), ("customer", "Customer")],
        string="Against",
        required=True,
        default="carrier",
    )
    amount = fields.Monetary(string="Claimed", tracking=True)
    amount_granted = fields.Monetary(string="Granted", tracking=True)
    deadline = fields.Date(string="File By", tracking=True)
    filed_at = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "To File"),
            ("filed", "Filed"),
            ("accepted", "Accepted"),
            ("refused", "Refused"),
            ("paid", "Paid"),
            ("cancelled", "Given Up"),
        ],
        default="draft",
        required=True,
        index=True,
        tracking=True,
    )
    reference = fields.Char(help="Their number for it.")
    note = fields.Text()

    _once = models.UniqueIndex(
        "(shipment_id, kind, party) WHERE shipment_id IS NOT NULL AND state != 'cancelled'",
        "This loss is claimed from them already.",
    )
    _amounts = models.Constraint("CHECK (amount >= 0 AND amount_granted >= 0)", "Claimed amounts are not negative.")

    @api.model
    def _claim_kinds(self):
        """What can be claimed. Other addons extend the list."""
        return [
            ("loss", self.env._("Parcel lost")),
            ("damage", self.env._("Parcel damaged")),
            ("false", self.env._("Never shipped")),
            ("freight", self.env._("Freight for nothing")),
        ]

    def _about(self):
        """What it is about, in no language: a parcel's number or an order's."""
        claim_sudo = self.sudo()  # who may read a claim may read what it is about, whatever else he may
        return claim_sudo.shipment_id.number or claim_sudo.order_id.name or ""

    @api.depends("shipment_id.number", "order_id.name")
    def _compute_name(self):
        for claim in self:
            number = f"CLM-{claim._origin.id}" if claim._origin.id else ""
            claim.name = " · ".join(filter(None, (claim._about(), number)))

    @api.depends("shipment_id.number", "order_id.name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Override: the kind of loss in the reader's language; what is stored has to serve all of them."""
        kinds = dict(self._claim_kinds())
        for claim in self:
            claim.display_name = ": ".join(filter(None, (claim._about(), kinds.get(claim.kind, claim.kind))))

    def action_file(self):
        """It was handed in; the deadline is kept."""
        for claim in self:
            if not claim.amount:
                raise UserError(self.env._("Enter how much is claimed in %s.", claim.display_name))
        self._set_state("filed", filed_at=fields.Datetime.now())
        return True

    def action_accept(self):
        """They pay: all of it, unless a smaller amount was entered."""
        for claim in self:
            claim._set_state("accepted", amount_granted=claim.amount_granted or claim.amount)
        return True

    def action_refuse(self):
        self._set_state("refused")
        return True

    def action_paid(self):
        self._set_state("paid")
        return True

    def action_give_up(self):
        self._set_state("cancelled")
        return True

    @api.model
    def _cron_remind(self):
        """Whoever follows a claim hears of its deadline three days before."""
        soon = fields.Date.add(fields.Date.context_today(self), days=3)
        todo = self.env.ref("mail.mail_activity_data_todo")
        for claim in self.search([("state", "=", "draft"), ("deadline", "<=", soon)]):
            if not claim.activity_ids:
                user = claim.create_uid if claim.create_uid.active and not claim.create_uid.share else self.env.user
                claim.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=claim.deadline,
                    summary=self.env._("File the claim in time"),
                    user_id=user.id,
                    activity_type_id=todo.id,
                )


class DropshipShipment(models.Model):
    _inherit = "dropship.shipment"

    claim_ids = fields.One2many(
        "dropship.claim", "shipment_id", string="Claims", groups="dropship_flow.group_dropship_user"
    )

    def _claim_until(self):
        """The last day the carrier takes a claim."""
        self.ensure_one()
        start = (self.dispatched_at or self.announced_at).date()
        return start + timedelta(days=DAYS_TO_CLAIM.get(self.carrier_code, USUAL_DAYS))

    def _claim(self, kind, party):
        """Open a claim for what the contents cost us, once per kind and party.

        :return: the claim
        """
        self.ensure_one()
        known = self.claim_ids.filtered(
            lambda claim: claim.kind == kind and claim.party == party and claim.state != "cancelled"
        )
        if known:
            return known[:1]
        currency = self.company_id.currency_id
        cost = 0.0
        lines_sudo = self.sudo().line_ids  # who may claim a loss may know what it cost
        for line in lines_sudo.filtered(lambda line: not line.is_part and line.purchase_line_id):
            bought = line.purchase_line_id
            units = bought._dropship_units()
            price = bought.currency_id._convert(
                bought.price_subtotal, currency, self.company_id, bought.order_id.date_order or fields.Date.today()
            )
            cost += price * line.qty / units if units else 0.0
        with self._first_come():
            return self.env["dropship.claim"].create(
                {
                    "shipment_id": self.id,
                    "order_id": self.order_id.id,
                    "purchase_id": self.purchase_ids[:1].id,
                    "supplier_id": self.supplier_id.id,
                    "company_id": self.company_id.id,
                    "currency_id": currency.id,
                    "kind": kind,
                    "party": party,
                    "amount": currency.round(cost),
                    "deadline": self._claim_until(),
                }
            )
