from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

SUPPLIER_STATES = [
    ("prospect", "Prospect"),
    ("sample", "Sample"),
    ("trial", "Trial"),
    ("approved", "Approved"),
    ("paused", "Paused"),
    ("ended", "Ended"),
]
CHANNEL_TYPES = [("supplier", "Supplier"), ("factory", "Factory"), ("agent", "Agent")]


class DropshipSupplier(models.Model):
    _name = "dropship.supplier"
    _description = "Dropship Supplier"
    _inherit = ["dropship.state.mixin", "dropship.money.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "name, id"
    _check_company_auto = True

    # A person may decide to skip sample and trial; nobody comes back from "ended" without being a prospect again.
    _transitions = frozenset(
        {
            ("prospect", "sample"),
            ("prospect", "trial"),
            ("prospect", "approved"),
            ("prospect", "ended"),
            ("sample", "trial"),
            ("sample", "approved"),
            ("sample", "ended"),
            ("trial", "approved"),
            ("trial", "paused"),
            ("trial", "ended"),
            ("approved", "paused"),
            ("approved", "ended"),
            ("paused", "trial"),
            ("paused", "approved"),
            ("paused", "ended"),
            ("ended", "prospect"),
        }
    )

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        tracking=True,
    )
    name = fields.Char(related="partner_id.name", store=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: shared by all companies.")
    active = fields.Boolean(default=True, tracking=True)
    channel_type = fields.Selection(CHANNEL_TYPES, string="Type", default="supplier", required=True, tracking=True)
    commission_percent = fields.Float(
        string="Commission (%)", tracking=True, help="What the agent keeps. Prices of offers include it."
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id, tracking=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Buyer",
        default=lambda self: self.env.user,
        domain=lambda self: [("all_group_ids", "in", self.env.ref("dropship_flow.group_dropship_buyer").ids)],
        index="btree_not_null",
        tracking=True,
    )
    answer_mode = fields.Selection(
        [("auto", "Accepts every order"), ("manual", "Buyer enters the answer")],
        string="Order Answer",
        default="manual",
        required=True,
        tracking=True,
        help="Accepts every order: a purchase is accepted the moment it is sent.\n"
        "Buyer enters the answer: the purchase waits until the buyer records acceptance or refusal.",
    )
    max_age_hours = fields.Integer(
        string="Offers Valid For (hours)", help="Older stock figures are not trusted. 0: they never get too old."
    )
    note = fields.Html(string="Notes")

    state = fields.Selection(
        SUPPLIER_STATES, default="prospect", required=True, copy=False, index=True, tracking=True, group_expand=True
    )
    resume_state = fields.Selection(SUPPLIER_STATES, string="State Before Pause", copy=False, readonly=True)
    trial_limit = fields.Integer(
        string="Trial Orders", default=10, tracking=True, help="How many purchases a supplier on trial may get."
    )
    trial_start = fields.Date(string="Trial Since", copy=False)
    trial_used = fields.Integer(string="Trial Orders Used", compute="_compute_trial_used")
    blocked = fields.Boolean(copy=False, readonly=True, tracking=True)
    block_reason = fields.Text(copy=False, readonly=True, tracking=True)

    preference = fields.Float(
        default=1.0,
        groups="dropship_flow.group_dropship_buyer",
        tracking=True,
        help="Multiplies the cost when sources are compared: below 1 preferred, above 1 avoided. "
        "Never shown outside the company and never part of a price.",
    )
    score = fields.Float(readonly=True, copy=False, aggregator="avg", help="0 to 100, from the supplier's record.")
    score_trend = fields.Float(readonly=True, copy=False, aggregator=None)

    blocked_country_ids = fields.Many2many(
        "res.country", "dropship_supplier_blocked_country_rel", string="Does Not Ship To"
    )
    blocked_product_tag_ids = fields.Many2many(
        "product.tag", "dropship_supplier_blocked_tag_rel", string="Does Not Supply Tags"
    )

    warehouse_ids = fields.One2many("dropship.supplier.warehouse", "supplier_id", string="Warehouses")
    offer_ids = fields.One2many("dropship.offer", "supplier_id", string="Offers")
    rate_ids = fields.One2many("dropship.shipping.rate", "supplier_id", string="Shipping Rates")
    closure_ids = fields.One2many("dropship.supplier.closure", "supplier_id", string="Closed Days")
    term_ids = fields.One2many("dropship.supplier.term", "supplier_id", string="Order Terms", copy=True)
    negotiation_ids = fields.One2many("dropship.supplier.negotiation", "supplier_id", string="Negotiations")

    purchase_count = fields.Integer(compute="_compute_purchase_count")

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id) WHERE company_id IS NOT NULL",
        "This contact is already a supplier of this company. Open the existing supplier.",
    )
    _partner_shared_uniq = models.UniqueIndex(
        "(partner_id) WHERE company_id IS NULL",
        "This contact is already a supplier shared by all companies. Open the existing supplier.",
    )
    _block_reason_given = models.Constraint(
        "CHECK (blocked IS NOT TRUE OR block_reason IS NOT NULL)", "Say why the supplier is blocked."
    )
    _preference_positive = models.Constraint(
        "CHECK (preference > 0)", "The preference must be above 0. Use 1 for no preference."
    )
    _score_range = models.Constraint("CHECK (score >= 0 AND score <= 100)", "The score is between 0 and 100.")
    _commission_range = models.Constraint(
        "CHECK (commission_percent >= 0 AND commission_percent < 100)", "The commission is between 0 and 100 %."
    )
    _trial_limit_positive = models.Constraint(
        "CHECK (trial_limit >= 0)", "The number of trial orders cannot be negative."
    )

    @api.depends("state", "trial_start", "partner_id", "company_id")
    def _compute_trial_used(self):
        """Purchases since the trial began that were not cancelled; drafts are already promised to the supplier."""
        self.trial_used = 0
        on_trial = self.filtered(lambda supplier: supplier.state == "trial" and supplier._origin)
        if not on_trial:
            return
        on_trial._origin.flush_recordset()
        self.env["purchase.order"].flush_model(["partner_id", "company_id", "state"])
        query = SQL(
            """
            SELECT supplier.id, COUNT(*)
              FROM dropship_supplier supplier
              JOIN purchase_order purchase
                ON purchase.partner_id = supplier.partner_id AND purchase.state <> 'cancel'
               AND purchase.create_date >= supplier.trial_start
               AND (supplier.company_id IS NULL OR supplier.company_id = purchase.company_id)
             WHERE supplier.id = ANY(%s)
             GROUP BY supplier.id
            """,
            list(on_trial._origin.ids),
        )
        used = dict(self.env.execute_query(query))
        for supplier in on_trial:
            supplier.trial_used = used.get(supplier._origin.id, 0)

    def _compute_purchase_count(self):
        if not self.env["purchase.order"].has_access("read"):
            self.purchase_count = 0
            return
        counts = dict(
            self.env["purchase.order"]._read_group(
                [("partner_id", "in", self.partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        for supplier in self:
            supplier.purchase_count = counts.get(supplier.partner_id, 0)

    @api.constrains("partner_id", "company_id")
    def _check_partner(self):
        for supplier in self:
            partner, owner = supplier.partner_id, supplier.company_id
            if partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s. Choose %(company)s: a supplier is the whole company.",
                        contact=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    )
                )
            # A sister company may well be a supplier, but nobody buys from himself.
            if partner.ref_company_ids and (not owner or owner in partner.ref_company_ids):
                raise ValidationError(
                    self.env._(
                        '"%s" is your own company and cannot be its own supplier. Choose another contact, or the '
                        "company that buys from it.",
                        partner.display_name,
                    )
                )

    @api.constrains("state", "partner_id")
    def _check_address(self):
        for supplier in self.filtered(lambda supplier: supplier.state in ("trial", "approved")):
            partner = supplier.partner_id
            labels = {"street": self.env._("street"), "city": self.env._("city"), "country_id": self.env._("country")}
            missing = [label for name, label in labels.items() if not partner[name]]
            if missing:
                raise ValidationError(
                    self.env._(
                        "%(supplier)s cannot be bought from yet: its address has no %(missing)s. "
                        "Complete the contact first.",
                        supplier=partner.display_name,
                        missing=", ".join(missing),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        suppliers = super().create(vals_list)
        suppliers._start_trial()
        return suppliers

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "trial":
            self._start_trial()
        if {"partner_id", "company_id", "active", "state", "blocked"} & vals.keys():
            self.with_context(active_test=False).offer_ids._project()
        return result

    def copy_data(self, default=None):
        """Override: the copy of a supplier is another contact; let the user choose it."""
        if "partner_id" not in (default or {}):
            raise UserError(
                self.env._("A contact is a supplier only once. Create a new supplier and choose another contact.")
            )
        return super().copy_data(default=default)

    # === ACTION METHODS === #

    def action_sample(self):
        self._set_state("sample")

    def action_trial(self):
        self._set_state("trial")

    def action_approve(self):
        self._set_state("approved")

    def action_pause(self):
        for state, suppliers in self.grouped("state").items():
            suppliers._set_state("paused", **({} if state == "paused" else {"resume_state": state}))

    def action_resume(self):
        """Back to what the supplier was before the pause."""
        for supplier in self.filtered(lambda supplier: supplier.state == "paused"):
            supplier._set_state(supplier.resume_state or "approved", resume_state=False)

    def action_end(self):
        self._set_state("ended")

    def action_reopen(self):
        """Begin anew with a supplier that was given up: a later trial counts from its own beginning."""
        self._set_state("prospect", trial_start=False, resume_state=False)

    def action_block(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("dropship_flow.action_dropship_supplier_block"),
            "context": {"default_supplier_ids": self.ids},
        }

    def action_unblock(self):
        self.write({"blocked": False, "block_reason": False})

    def action_open_purchases(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("purchase.purchase_form_action"),
            "domain": [("partner_id", "=", self.partner_id.id)],
            "context": {"default_partner_id": self.partner_id.id},
        }

    # === BUSINESS METHODS === #

    def _block(self, reason):
        """Stop buying from these suppliers, whatever their state, until somebody lifts the block."""
        self.write({"blocked": True, "block_reason": reason})
        for supplier in self:
            supplier.message_post(body=self.env._("Blocked: %s", reason))

    def _start_trial(self):
        fresh = self.filtered(lambda supplier: supplier.state == "trial" and not supplier.trial_start)
        if fresh:
            fresh.trial_start = fields.Date.today()
